"""The API: whoever bears no token that works gets nothing there, over every rule of it."""

import pytest

from habits import create_app, tokens
from habits.db import db
from habits.headers import HEADERS
from habits.models.tokens import Reach, Token
from tests import cast
from tests.web.guards.home import SECRET, TOKEN

KEY = {"Idempotency-Key": "a-key-of-this-write"}
GARBAGE = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer kept_"},
    {"Authorization": f"Bearer {TOKEN}x"},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": f"Token {TOKEN}"},
    {"Authorization": TOKEN},
    {"Authorization": "Bearer " + "x" * 4000},
    {"Authorization": "Bearer \x7f\xff"},
    {"Authorization": "Bearer ' OR 1=1 --"},
    {"Authorization": 'Bearer realm="kept"'},
    {"X-Api-Key": TOKEN},
]


def bearing(secret: str) -> dict:
    return {"Authorization": f"Bearer {secret}"}


def rules(home, *methods):
    """(method, endpoint, address) of what only a bearer gets."""
    for method, endpoint, arguments in home.rules(*methods):
        if home.is_api(endpoint):
            yield method, endpoint, home.url(endpoint, arguments)


def walk(home, client, headers, *methods):
    """Every answer of the API to these headers."""
    bodies = {
        "api.answer": {"json": {"commitment": home.promise.id, "answer": "kept"}},
        "api.record_lapse": {"json": {"nature": "mistake"}},
    }
    for method, endpoint, url in rules(home, *methods):
        sent = bodies.get(endpoint, {})
        yield endpoint, client.open(url, method=method, headers=KEY | headers, **sent)


def token_of(app, leader, reach=Reach.WRITE) -> str:
    with app.app_context():
        _row, secret = tokens.make(leader, "A script", reach, app.extensions["clock"]())
        db.session.commit()
    return secret


def refuses(answer, *codes) -> bool:
    is_problem = answer.mimetype == "application/problem+json"
    return answer.status_code in codes and is_problem and SECRET not in answer.text


def test_there_is_something_to_walk(home):
    assert len(list(rules(home, "GET"))) >= 5
    assert len(list(rules(home, "POST"))) >= 3


@pytest.mark.parametrize("cookie", [False, True])
def test_without_a_token_that_works_nobody_gets_anything(home, app, cookie):
    client = app.test_client()
    if cookie:
        cast.sign_in(client, home.dana, fresh=True)
    before = home.stored()
    leaks = []
    for headers in GARBAGE:
        for endpoint, answer in walk(home, client, headers, "GET", "POST"):
            challenge = answer.headers.get("WWW-Authenticate", "")
            if not refuses(answer, 401) or not challenge.startswith("Bearer "):
                leaks.append((endpoint, headers, answer.status_code))
    assert leaks == []
    assert home.stored() == before


def test_a_token_in_the_address_or_the_body_is_none(home, client):
    for name in ("token", "access_token", "api_key"):
        assert client.get(f"/api/v1/today?{name}={TOKEN}").status_code == 401
        assert client.post("/api/v1/answers", json={name: TOKEN}).status_code == 401


def test_a_revoked_token_gets_nothing_from_the_next_request_on(home, app, at_home):
    secret = token_of(app, home.dana)
    script = app.test_client()
    assert script.get("/api/v1/today", headers=bearing(secret)).status_code == 200
    with app.app_context():
        token_id = tokens.find(secret).id
    at_home.post(f"/tokens/{token_id}/removal", data={"key": "revoke-it-1"})
    before = home.stored()
    for endpoint, answer in walk(home, script, bearing(secret), "GET", "POST"):
        assert refuses(answer, 401), endpoint
    assert home.stored() == before


def test_a_token_of_a_deleted_leader_gets_nothing(home, app, at_home):
    gone = at_home.post("/deletions", data={"key": "deletion-1", "word": "delete"})
    assert gone.status_code == 303
    with app.app_context():
        assert db.session.query(Token).count() == 0
    for endpoint, answer in walk(home, app.test_client(), bearing(TOKEN), "GET", "POST"):
        assert refuses(answer, 401), endpoint


def test_a_token_that_may_read_writes_nothing(home, app):
    script, headers = app.test_client(), bearing(token_of(app, home.dana, Reach.READ))
    assert SECRET in script.get("/api/v1/today", headers=headers).text
    before = home.stored()
    for endpoint, answer in walk(home, script, headers, "POST"):
        assert refuses(answer, 403), endpoint
        assert 'scope="write"' in answer.headers["WWW-Authenticate"]
    assert home.stored() == before


def test_a_token_of_cleos_opens_nothing_of_danas(home, app, cleo):
    script, headers = app.test_client(), bearing(token_of(app, cleo))
    script.get("/api/v1/today", headers=headers)
    before = home.stored()
    for endpoint, answer in walk(home, script, headers, "GET"):
        assert SECRET not in answer.text, endpoint
    own = {"api.answer": 404, "api.take_back_lapse": 404}
    for endpoint, answer in walk(home, script, headers, "POST"):
        if endpoint in own:
            assert refuses(answer, own[endpoint]), endpoint
    after = home.stored()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"lapses"}  # one of her own


def test_a_token_is_never_read_beside_a_cookie_nor_makes_one(home, app, cleo):
    client = app.test_client()
    cast.sign_in(client, home.dana, fresh=True)
    for cookie in ("garbage", "x" * 4000, client.get_cookie("kept").value):
        client.set_cookie("kept", cookie)
        client.set_cookie("remember_token", cookie)
        for endpoint, answer in walk(home, client, bearing(token_of(app, cleo)), "GET"):
            assert answer.status_code in (200, 404), endpoint
            assert SECRET not in answer.text, endpoint
            assert "Set-Cookie" not in answer.headers, endpoint
            assert "Kept-Leader" not in answer.headers, endpoint
    assert SECRET in client.get("/api/v1/today", headers=bearing(TOKEN)).text
    assert client.get("/settings", headers=bearing(TOKEN)).status_code == 200  # the cookie's


def test_a_token_opens_no_page(home, app):
    client = app.test_client()
    for _method, endpoint, arguments in home.rules("GET"):
        if not home.is_api(endpoint):
            answer = client.get(home.url(endpoint, arguments), headers=bearing(TOKEN))
            assert SECRET not in answer.text, endpoint


def test_a_request_from_another_site_is_refused_with_a_token_as_well(home, app):
    before = home.stored()
    for site in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for endpoint, answer in walk(home, app.test_client(), bearing(TOKEN) | site, "POST"):
            assert refuses(answer, 403), endpoint
    assert home.stored() == before


def test_every_failure_of_the_api_is_a_problem_document(home, app):
    app.add_url_rule("/api/v1/fault", "fault", lambda: 1 / 0)
    app.view_functions["fault"].is_public = True
    client = app.test_client()
    answers = {
        404: client.get("/api/v1/absent", headers=bearing(TOKEN)),
        405: client.delete("/api/v1/today", headers=bearing(TOKEN)),
        500: client.get("/api/v1/fault"),
        401: client.get("/api/v1/today", headers={"Accept": "text/html", "HX-Request": "true"}),
    }
    for code, answer in answers.items():
        assert (answer.status_code, answer.json["status"]) == (code, code)
        assert answer.mimetype == "application/problem+json"
        assert {"type", "title", "detail"} <= set(answer.json)
        assert HEADERS.items() <= dict(answer.headers).items()
    assert answers[405].headers["Allow"]
    assert answers[500].json["reference"]


def test_the_limit_of_a_token_is_its_own_and_holds_over_workers(home, app, clock, config):
    another_worker = create_app(config, clock)
    clients, headers = (app.test_client(), another_worker.test_client()), bearing(TOKEN)
    statuses = [
        clients[n % 2].get("/api/v1/weeks/none", headers=headers).status_code
        for n in range(tokens.CALLS.tries)
    ]
    assert set(statuses) == {404}
    for client in clients:
        spent = client.get("/api/v1/today", headers=headers)
        assert refuses(spent, 429)
        assert spent.headers["Retry-After"] == "60"
    other = token_of(app, home.dana, Reach.READ)
    assert clients[0].get("/api/v1/today", headers=bearing(other)).status_code == 200
    clock.advance(minutes=1)
    assert clients[1].get("/api/v1/today", headers=headers).status_code == 200
    with another_worker.app_context():
        db.engine.dispose()
