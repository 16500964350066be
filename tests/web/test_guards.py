"""What every request passes: each rule of the URL map, whoever asks and from wherever."""

import re
from datetime import timedelta

import pytest

from habits import links, sessions
from habits.db import Base, db
from habits.models import (
    Answer,
    Import,
    Lapse,
    Parting,
    Passkey,
    Question,
    Round,
    Session,
    Subscription,
    TimeOff,
    WeekNote,
)
from habits.models.devices import LinkKind, Scope
from habits.models.people import Heard
from habits.trust.history import Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY

ABSENT = 99_999
SECRET = "Dana's own words"
KEY = {"key": "a-key-of-this-write"}
PUBLIC = {
    "calendar_feeds.show",
    "health.ready",
    "health.show",
    "languages.choose",
    "links.device",
    "links.sign_in",
    "links.use_device",
    "links.use_sign_in",
    "pwa.manifest",
    "pwa.offline",
    "pwa.worker",
    "recovery_codes.new",
    "recovery_codes.use",
    "responses.create",
    "responses.new",
    "responses.thanks",
    "sessions.sign_out",
    "sign_ins.create",
    "sign_ins.new",
    "sign_ins.new_phone",
    "sign_ins.no_passkey",
    "sign_ins.options",
    "sign_ups.create",
    "sign_ups.invitation",
    "sign_ups.new",
    "sign_ups.options",
    "static.favicon",
    "static.show",
    "today.show",
}
FRESH = {
    "deletions.create",
    "deletions.new",
    "exports.history",
    "exports.index",
    "exports.ledger",
    "exports.readable",
    "passkeys.create",
    "passkeys.link",
    "passkeys.new",
    "passkeys.options",
    "passkeys.remove",
    "passkeys.rename",
    "passkeys.show",
    "recovery_codes.create",
    "recovery_codes.index",
}
ENROLLING = {"passkeys.create", "passkeys.new", "passkeys.options"}
LETS_IN_OR_OUT = {"links.use_device", "sessions.sign_out", "sessions.remove_others"}
VOLATILE = {"attempts", "challenges", "sessions", "writes", "alembic_version"}
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:81"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


class Home:
    """Dana with one of everything that is hers, and where it stands in an address."""

    def __init__(self, app, dana):
        self.app, self.dana = app, dana
        with app.app_context():
            self.ben = cast.person(dana, f"Ben {SECRET}")
            self.promise = cast.promise(dana, f"Meetings {SECRET}", person_id=self.ben.id)
            rows = self._rows()
            db.session.add_all(rows.values())
            db.session.flush()
            self.token = links.make(LinkKind.DEVICE, dana, MONDAY)
            sessions.start(dana, f"Phone {SECRET}", MONDAY)
            db.session.flush()
            session_id = db.session.scalar(db.select(Session.id))
            subscription = Subscription(
                leader_id=dana.id,
                session_id=session_id,
                endpoint="https://fcm.googleapis.com/wp/dana",
                p256dh=b"",
                auth=b"",
                created_at=MONDAY,
            )
            db.session.add(subscription)
            db.session.commit()
            self.places = {
                "commitment_id": self.promise.id,
                "person_id": self.ben.id,
                "lapse_id": rows["lapse"].id,
                "time_off_id": rows["time_off"].id,
                "import_id": rows["import"].id,
                "passkey_id": rows["passkey"].id,
                "session_id": session_id,
                "round_id": rows["round"].id,
                "question_id": rows["question"].id,
                "parting_id": rows["parting"].id,
                "subscription_id": subscription.id,
                "token": self.token,
                "day": TODAY.isoformat(),
                "label": "2026-W47",
                "digest": "0",
                "name": "app.css",
            }

    def _rows(self):
        mine = {"leader_id": self.dana.id}
        return {
            "lapse": Lapse(
                **mine, date=TODAY, nature=Nature.CHOICE, note=SECRET, recorded_at=MONDAY
            ),
            "time_off": TimeOff(
                **mine,
                first=TODAY + timedelta(days=9),
                last=TODAY + timedelta(days=10),
                declared_at=MONDAY,
            ),
            "passkey": Passkey(
                **mine,
                credential_id=b"dana",
                public_key=b"",
                name=f"Key {SECRET}",
                created_at=MONDAY,
                last_used_at=MONDAY,
            ),
            "answer": Answer(
                **mine,
                commitment_id=self.promise.id,
                date=TODAY - timedelta(days=1),
                reply=Reply.BROKEN,
                nature=Nature.MISTAKE,
                note=SECRET,
                key="an-answer-of-dana",
                answered_at=MONDAY,
                recorded_at=MONDAY,
            ),
            "round": Round(
                **mine,
                group=f"Team {SECRET}",
                seed="seed",
                invited=6,
                tallies=[[0, 1, 1, 1, 2, 0]] * 5,
                opened_at=MONDAY - timedelta(days=30),
                closes_at=MONDAY - timedelta(days=23),
            ),
            "question": Question(
                **mine,
                commitment_id=self.promise.id,
                person_id=self.ben.id,
                date=TODAY,
                heard=Heard.PARTLY,
                line=SECRET,
                recorded_at=MONDAY,
            ),
            "parting": Parting(**mine, links={"commitments": []}, parted_at=MONDAY),
            "week": WeekNote(**mine, first=TODAY - timedelta(days=7), guess=3, line=SECRET),
            "import": Import(
                **mine,
                source="loop-csv",
                file_name=f"{SECRET}.zip",
                made={},
                created_at=MONDAY,
                written_at=MONDAY,
                undone_at=MONDAY,
            ),
        }

    def rules(self, *methods):
        """(method, endpoint, arguments) of every rule that takes one of these methods."""
        for rule in sorted(self.app.url_map.iter_rules(), key=str):
            for method in sorted(rule.methods & set(methods)):
                yield method, rule.endpoint, rule.arguments

    def url(self, endpoint, arguments, **changes):
        """The address with Dana's ids. A new argument has to be given one above, in `places`."""
        values = {name: (self.places | changes)[name] for name in arguments}
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(endpoint, values)

    def stored(self):
        """All rows but those that any request may leave."""
        with self.app.app_context():
            tables = [t for t in Base.metadata.sorted_tables if t.name not in VOLATILE]
            return {
                t.name: sorted(map(repr, db.session.execute(db.select(t)).all())) for t in tables
            }


@pytest.fixture
def home(app, dana):
    return Home(app, dana)


@pytest.fixture
def at_home(home, client):
    cast.sign_in(client, home.dana, fresh=True)
    return client


@pytest.fixture
def stranger(home, app, cleo):
    client = app.test_client()
    cast.sign_in(client, cleo, fresh=True)
    return client


def is_public(endpoint) -> bool:
    return endpoint in PUBLIC


def test_what_is_public_needs_a_fresh_passkey_or_serves_enrolling_is_listed_here(app):
    marks = {"is_public": PUBLIC, "needs_fresh_passkey": FRESH, "is_enrolling": ENROLLING}
    for mark, listed in marks.items():
        found = {name for name, view in app.view_functions.items() if getattr(view, mark, False)}
        assert found == listed, mark


def test_every_unsafe_request_from_elsewhere_is_refused_and_changes_nothing(home, at_home):
    before = home.stored()
    let_through = []
    for method, endpoint, arguments in home.rules("POST", "PUT", "PATCH", "DELETE"):
        url = home.url(endpoint, arguments)
        for headers in FOREIGN:
            for body in (
                {"data": KEY},
                {"json": KEY},
                {"data": "{}", "content_type": "text/plain"},
            ):
                response = at_home.open(url, method=method, headers=headers, **body)
                if response.status_code != 403:
                    let_through.append((method, url, headers, response.status_code))
    assert let_through == []
    assert home.stored() == before


def test_the_same_requests_from_here_pass_that_guard(home, at_home):
    here = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    for method, endpoint, arguments in home.rules("POST"):
        url = home.url(endpoint, arguments, session_id=ABSENT)
        if endpoint in LETS_IN_OR_OUT:
            continue
        response = at_home.open(url, method=method, headers=here, data=KEY)
        assert response.status_code != 403, url


def test_only_what_is_public_answers_who_is_not_signed_in(home, app):
    garbage = app.test_client()
    for cookie in (None, "garbage", "eyJfdXNlcl9pZCI6IngifQ.x.y", "\x7f", "x" * 4000):
        if cookie is not None:
            garbage.set_cookie("kept", cookie)
        leaks = []
        for method, endpoint, arguments in home.rules("GET", "POST"):
            if endpoint in LETS_IN_OR_OUT & PUBLIC:
                continue
            response = garbage.open(home.url(endpoint, arguments), method=method, data=KEY)
            refused = response.status_code in (302, 401)
            if SECRET in response.text or not (refused or is_public(endpoint)):
                leaks.append((method, endpoint, response.status_code))
        assert leaks == []


def test_a_session_that_was_ended_is_nobody(home, app, client, clock):
    token = cast.sign_in(client, home.dana, fresh=True)
    with app.app_context():
        sessions.end(home.dana, sessions.find(token, clock()).id)
        db.session.commit()
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if not is_public(endpoint):
            cookie = client.get_cookie("kept")
            response = client.open(home.url(endpoint, arguments), method=method, data=KEY)
            assert response.status_code in (302, 401), endpoint
            if cookie:
                client.set_cookie("kept", cookie.value)


def test_pages_lead_to_signing_in_and_fragments_and_scripts_are_told_so(client):
    page = client.get("/account?range=year")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in?next=/account?range%3Dyear"
    part = client.get("/account", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.status_code == 401
    assert part.headers["HX-Redirect"].startswith("/sign-in?next=")
    script = client.get("/account", headers={"Accept": "application/json"})
    assert (script.status_code, script.mimetype) == (401, "application/json")
    assert client.post("/answers", data=KEY).status_code == 401


def test_what_is_danas_does_not_exist_for_cleo(home, stranger):
    before = home.stored()
    faults = []
    own = {"commitment_id", "person_id", "lapse_id", "time_off_id", "passkey_id", "session_id"}
    own |= {"round_id", "question_id", "parting_id", "import_id", "subscription_id"}
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if not arguments & own:
            continue
        for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
            answers = [
                stranger.open(
                    home.url(endpoint, arguments, **changes),
                    method=method,
                    data=KEY,
                    headers=headers,
                )
                for changes in ({}, dict.fromkeys(own, ABSENT))
            ]
            if [a.status_code for a in answers] not in ([404, 404], [400, 400]):
                faults.append((method, endpoint, [a.status_code for a in answers]))
            if len({blank(a.text) for a in answers}) != 1:
                faults.append((method, endpoint, "told apart"))
    assert faults == []
    assert home.stored() == before


def test_no_page_of_cleos_shows_anything_of_danas(home, stranger):
    for _method, endpoint, arguments in home.rules("GET"):
        if endpoint != "links.device":
            assert SECRET not in stranger.get(home.url(endpoint, arguments)).text, endpoint


def test_danas_ids_in_cleos_forms_change_nothing(home, stranger):
    before = home.stored()
    ids = {
        "commitment": home.places["commitment_id"],
        "person": home.places["person_id"],
        "lapse": home.places["lapse_id"],
        "leader": home.dana.id,
    }
    day = {"date": TODAY.isoformat(), "answered_at": "2026-11-23T18:00:00Z"}
    answer = {"commitment": ids["commitment"], "answer": "kept"} | day | KEY
    assert stranger.post("/answers", data=answer).status_code == 404
    telling = {"commitment": ids["commitment"], "date": TODAY.isoformat()} | KEY
    assert stranger.post("/tellings", data=telling).status_code in (400, 404)
    for _method, endpoint, arguments in home.rules("POST"):
        if endpoint in LETS_IN_OR_OUT:
            continue
        url = home.url(endpoint, arguments)
        for name, value in ids.items():
            stranger.post(url, data=KEY | {name: value})
    after = home.stored()
    assert {name: rows for name, rows in after.items() if name != "links"} == {
        name: rows for name, rows in before.items() if name != "links"
    }


@pytest.mark.parametrize(
    "bad", ["0", "-1", "2147483648", "9223372036854775808", "9" * 400, "x", "1.0", "%00", "١"]
)
def test_an_id_that_is_none_is_a_404(home, at_home, bad):
    for method, endpoint, arguments in home.rules("GET", "POST"):
        for name in arguments & {"commitment_id", "person_id", "lapse_id", "passkey_id"}:
            url = home.url(endpoint, arguments, **{name: ABSENT}).replace(str(ABSENT), bad)
            assert at_home.open(url, method=method, data=KEY).status_code in (404, 405), url


def test_who_may_only_add_a_passkey_gets_nowhere_else(home, app, clock):
    client = app.test_client()
    with app.app_context():
        token = sessions.start(home.dana, "New phone", clock(), Scope.ENROL)
        db.session.commit()
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if endpoint in ENROLLING | LETS_IN_OR_OUT:
            continue
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        response = client.open(home.url(endpoint, arguments), method=method, data=KEY)
        if is_public(endpoint):
            assert SECRET not in response.text, endpoint
        elif method == "GET":
            assert response.headers["Location"] == "/passkeys/new", endpoint
        else:
            assert response.status_code == 401, endpoint


def test_every_answer_bears_the_headers(home, app, at_home):
    app.add_url_rule("/fault", "fault", lambda: 1 / 0)
    answers = [
        at_home.open(home.url(endpoint, arguments), method="GET")
        for _method, endpoint, arguments in home.rules("GET")
    ]
    answers += [
        at_home.get("/absent"),
        at_home.get("/fault"),
        at_home.delete("/settings"),
        at_home.post("/settings", data="x" * 300_000),
        at_home.post("/settings", headers={"Origin": "null"}),
        at_home.get("/static/0/absent.css"),
        at_home.post("/sign-in", json={}),
        at_home.options("/settings"),
        at_home.head("/settings"),
        at_home.get("/settings", base_url="http://127.0.0.1"),
        app.test_client().get("/settings"),
    ]
    assert {a.status_code for a in answers} >= {200, 302, 307, 400, 403, 404, 405, 413, 500}
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        for name in ("Opener", "Resource"):
            assert answer.headers[f"Cross-Origin-{name}-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert "publickey-credentials-get=(self)" in answer.headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers


def test_nothing_private_is_stored_on_the_way(home, at_home):
    for _method, endpoint, arguments in home.rules("GET"):
        if not endpoint.startswith(("static.", "pwa.")):
            answer = at_home.get(home.url(endpoint, arguments))
            assert answer.headers["Cache-Control"] == "private, no-store", endpoint
            assert "Cookie" in answer.headers["Vary"], endpoint


def test_static_files_are_for_ever_under_their_digest_only(app, client):
    current = re.search(r"/static/\w+/app.css", client.get("/").text)[0]
    assert "immutable" in client.get(current).headers["Cache-Control"]
    assert client.get("/static/0/app.css").headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in client.get(current).headers


def test_another_name_of_this_machine_leads_to_the_public_address(client):
    answer = client.get("/weeks/?x=1", base_url="http://127.0.0.1:8000")
    assert answer.headers["Location"] == "http://localhost/weeks/?x=1"
    assert client.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200
    away = client.get("//evil.example/x", base_url="http://127.0.0.1")
    assert away.headers.get("Location", "http://localhost/").startswith("http://localhost/")


def blank(page: str) -> str:
    """A page without what is new in every page."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", page)
