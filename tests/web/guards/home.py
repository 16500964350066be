"""Dana with one of everything that is hers, and every rule of the URL map to try on it."""

import re
from datetime import timedelta

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
    Token,
    WeekNote,
)
from habits.models.devices import LinkKind
from habits.models.people import Heard
from habits.models.tokens import Reach
from habits.trust.history import Nature, Reply
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY

ABSENT = 99_999
SECRET = "Dana's own words"
TOKEN = "kept_of-dana-that-may-write"
KEY = {"key": "a-key-of-this-write"}
PUBLIC = {
    "api.document",
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
    "recovery_codes.used",
    "tokens.create",
    "tokens.index",
    "tokens.remove",
    "tokens.remove_all",
}
ENROLLING = {"passkeys.create", "passkeys.new", "passkeys.options"}
LETS_IN_OR_OUT = {"links.use_device", "sessions.sign_out", "sessions.remove_others"}
VOLATILE = {"attempts", "challenges", "sessions", "writes", "alembic_version"}
ASKED_FOR = [
    {},
    {"HX-Request": "true", "HX-Request-Type": "partial"},
    {"Accept": "application/json"},
]  # the headers of a page, a fragment and a script's answer
OWN = {
    "commitment_id",
    "import_id",
    "lapse_id",
    "parting_id",
    "passkey_id",
    "person_id",
    "question_id",
    "round_id",
    "session_id",
    "subscription_id",
    "time_off_id",
    "token_id",
}  # places that are one leader's


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
            self.link = links.make(LinkKind.DEVICE, dana, MONDAY)
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
                "token_id": rows["token"].id,
                "token": self.link,
                "day": TODAY.isoformat(),
                "label": "2026-W47",
                "number": 2026,
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
            "token": Token(
                **mine,
                name=f"Button {SECRET}",
                digest=sessions.digest(TOKEN),
                reach=Reach.WRITE,
                created_at=MONDAY,
                last_used_at=MONDAY,
            ),
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

    def is_api(self, endpoint) -> bool:
        """Whether only a bearer gets anything there."""
        return hasattr(self.app.view_functions[endpoint], "reach")


def is_public(endpoint) -> bool:
    return endpoint in PUBLIC


def blank(page: str) -> str:
    """A page without what is new in every page."""
    return re.sub(r'name="key" value="[^"]+"', "", page)
