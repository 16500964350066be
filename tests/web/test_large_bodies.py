"""Twenty megabytes at every form: refused at once, whoever sends them, and nothing is stored."""

import io
import time

import pytest

from tests import cast

BODY = b"key=a-key-of-this-write&note=" + b"x" * 20_000_000
FORM = "application/x-www-form-urlencoded"
LONGEST = 5  # seconds
REFUSED = {401, 413, 415, 422, 429}  # 401: the API takes no cookie
UNREAD = {"/sign-in/options", "/confirm/options", "/passkeys/options"}  # they take no fields


@pytest.fixture
def inside(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana, fresh=True)
    return client


@pytest.mark.parametrize("kind", [FORM, "application/json", "multipart/form-data; boundary=x"])
def test_a_body_of_twenty_megabytes_is_refused_everywhere(app, inside, kind):
    refused, faults = 0, []
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or rule.arguments or rule.rule == "/sign-out":
            continue
        began = time.monotonic()
        status = send(inside, rule.rule, kind)
        refused += status == 413
        if status not in REFUSED or time.monotonic() - began > LONGEST:
            faults.append((rule.rule, status))
    assert {path for path, _status in faults} <= UNREAD, faults
    assert refused > 20


def test_what_the_browser_reads_then_says_so(inside):
    answer = inside.post("/settings", input_stream=io.BytesIO(BODY), content_length=len(BODY))
    assert answer.status_code == 413
    assert "more than Kept takes at once" in answer.text


def send(client, path, kind) -> int:
    stream = io.BytesIO(BODY)
    answer = client.post(path, input_stream=stream, content_length=len(BODY), content_type=kind)
    return answer.status_code
