"""API tokens: made after a fresh passkey, shown once, listed, revoked; and the recipes."""

import html
import json
import re
import shlex
import subprocess
from datetime import timedelta

import pytest

from habits import exports, tokens
from habits.db import db
from habits.models import Answer
from habits.models.tokens import Token
from tests import cast
from tests.web import rows

SECRET = re.compile(r'value="(kept_[\w-]{43})"')
FIELDS = {"key": "a-token-of-mine", "name": "Kitchen button", "reach": "write"}


@pytest.fixture
def fresh(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana, fresh=True)
    return client


def make(client, **changes):
    return client.post("/tokens", data=FIELDS | changes)


def stored(app) -> list[Token]:
    with app.app_context():
        return db.session.query(Token).order_by(Token.id).all()


def today_with(client, secret: str):
    return client.get("/api/v1/today", headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_made_after_a_fresh_passkey_only(app, client, dana):
    cast.sign_in(client, dana)
    for answer in (client.get("/settings/tokens"), make(client)):
        assert answer.headers["Location"].startswith("/confirm")
    assert stored(app) == []


def test_a_token_is_shown_once_and_only_its_digest_is_stored(app, fresh):
    secret = SECRET.search(make(fresh).text)[1]
    (row,) = stored(app)
    assert secret not in repr(vars(row))
    assert row.digest != secret
    again = make(fresh)
    assert (again.status_code, again.location) == (303, "/settings/tokens")
    assert len(stored(app)) == 1
    page = fresh.get("/settings/tokens").text
    assert "Kitchen button" in page
    assert secret not in page
    assert today_with(fresh, secret).status_code == 200


def test_the_list_says_when_a_token_was_last_used(app, fresh, clock):
    secret = SECRET.search(make(fresh).text)[1]
    assert "not used yet" in fresh.get("/settings/tokens").text
    today_with(fresh, secret)
    first = stored(app)[0].last_used_at
    clock.advance(minutes=1)
    today_with(fresh, secret)
    assert stored(app)[0].last_used_at == first  # noted every quarter of an hour
    clock.advance(minutes=15)
    today_with(fresh, secret)
    assert stored(app)[0].last_used_at - first == timedelta(minutes=16)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(app, fresh):
    for changes, words in (
        ({"name": " "}, "Say what it is for"),
        ({"name": "x" * 61}, "At most 60 characters"),
        ({"reach": ""}, "Choose one of the two"),
        ({"reach": "admin"}, "Choose one of the answers shown"),
    ):
        answer = make(fresh, **changes)
        assert (answer.status_code, words in answer.text) == (422, True), changes
        assert 'value="Kitchen button"' in answer.text or "name" in changes
    assert stored(app) == []


def test_twenty_are_enough(app, fresh):
    for n in range(tokens.MOST):
        make(fresh, key=f"token-number-{n}")
    refused = make(fresh, key="one-too-many")
    assert refused.status_code == 422
    assert "You have twenty." in refused.text
    assert len(stored(app)) == tokens.MOST


def test_an_export_says_nothing_of_tokens(app, fresh, dana):
    make(fresh)
    with app.app_context():
        text = exports.to_bytes(exports.document(dana)).decode()
    assert "token" not in text
    assert stored(app)[0].digest not in text
    assert "Kitchen" not in text


@pytest.fixture
def recipes(app, fresh, dana):
    """The commands of the page, with a token in them."""
    with app.app_context():
        cast.promise(dana, "I start on the minute")
    secret = SECRET.search(make(fresh).text)[1]
    page = fresh.get("/settings/recipes").text
    found = re.findall(r'<pre class="recipe"[^>]*><code>(.*?)</code></pre>', page, re.DOTALL)
    return [html.unescape(text).replace("TOKEN", secret) for text in found]


def test_each_command_of_the_recipes_works_as_it_stands(app, recipes, client):
    for command in (text for text in recipes if text.startswith("curl") and "ntfy" not in text):
        assert client.open(**request_of(command)).status_code == 200, command
    with app.app_context():
        assert db.session.query(Answer).one().reply == "kept"


def test_the_button_of_a_notification_answers(app, recipes, client):
    (command,) = (text for text in recipes if "ntfy" in text)
    sent = request_of(command)
    (action,) = json.loads(sent["data"])["actions"]
    body = json.loads(action["body"]) | {"date": str(cast.TODAY)}  # the shell has its own clock
    answer = client.open(
        action["url"], method=action["method"], headers=action["headers"], data=json.dumps(body)
    )
    assert answer.json["promise"]["standing"] == "kept"


def test_no_recipe_names_a_write_by_its_day_alone_unless_it_says_the_day(recipes):
    """A day of the leader's may end at three: its last hours bear the next date, and so its key."""
    answering = [text for text in recipes if "Idempotency-Key" in text]
    assert len(answering) == 4
    for text in answering:
        named_by_minute = "%H%M" in text or text.endswith("kept-1-")  # where words go on with it
        assert named_by_minute or '\\"date\\"' in text, text


def test_the_button_of_a_notification_answers_for_the_day_it_was_sent_on(recipes):
    (command,) = (text for text in recipes if "ntfy" in text)
    (action,) = json.loads(request_of(command)["data"])["actions"]
    assert action["headers"]["Idempotency-Key"] == json.loads(action["body"])["date"] + "-1-kept"


def request_of(command: str) -> dict:
    """What curl would send, the shell's part of it done by a shell."""
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {command.removeprefix('curl ')}"],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert shlex.split(command)[0] == "curl"
    sent = {"method": "GET", "headers": {}}
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            sent["headers"][name] = value
        elif word == "--json":
            sent |= {"method": "POST", "data": words.pop(0), "content_type": "application/json"}
        elif word != "-sS":
            sent["path"] = word
    return sent


def test_who_promised_nothing_sees_the_recipes_too(fresh):
    assert "In a shell" in rows.text(fresh.get("/settings/recipes"))
