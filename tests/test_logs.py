"""The log tells what happened, when, and in which request; never what anybody wrote."""

import json
import logging
import sys

import pytest

from habits import logs
from habits.web.guards import public

SECRET = "Dana's own words"


def line(message, *args, **more) -> dict:
    record = logging.LogRecord("kept", logging.WARNING, "x.py", 1, message, args, None)
    for name, value in more.items():
        setattr(record, name, value)
    written = logs.Lines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_is_json_whatever_is_in_it():
    said = line('two\nlines and a "%s"', "quote", fields={"status": 200})
    assert said["message"] == 'two\nlines and a "quote"'
    assert (said["level"], said["log"], said["status"]) == ("warning", "kept", 200)
    assert said["at"].endswith("Z")
    assert "request" not in said


def test_a_line_within_a_request_bears_its_id():
    token = logs.request_id.set("1a2b3c4d")
    try:
        assert line("x")["request"] == "1a2b3c4d"
    finally:
        logs.request_id.reset(token)


def test_a_fault_is_told_by_kind_and_place_and_never_in_its_words():
    def fail():
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error

    with pytest.raises(KeyError) as caught:
        fail()
    said = line("fault", exc_info=(KeyError, caught.value, caught.tb))
    assert said["fault"] == "KeyError from ValueError"
    assert said["trace"][-1].startswith("tests/test_logs.py:")
    assert said["trace"][-1].endswith(" fail")
    assert SECRET not in json.dumps(said)


def test_the_id_on_a_page_that_failed_is_the_one_in_the_log(app, caplog, capsys):
    app.add_url_rule("/fault", view_func=public(lambda: 1 / 0), endpoint="fault")
    log = logging.getLogger("kept")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logs.Lines())
    log.addHandler(handler)
    try:
        response = app.test_client().get("/fault?title=private")
    finally:
        log.removeHandler(handler)
    known = response.headers["X-Request-Id"]
    assert known in response.text
    said = json.loads(capsys.readouterr().out)
    assert (said["request"], said["message"]) == (known, f"fault {known}")
    assert said["fault"] == "ZeroDivisionError"
    assert "private" not in json.dumps(said)
    assert logs.request_id.get() == "", "the id of one request is not the next one's"


def test_every_answer_bears_an_id_of_its_own(client):
    ids = {client.get(path).headers["X-Request-Id"] for path in ("/healthz", "/nowhere", "/")}
    assert len(ids) == 3
