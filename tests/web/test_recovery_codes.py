"""Ten codes: shown once, each of them one way to a new passkey."""

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from habits import create_app, recovery
from habits.db import db
from habits.limits import spend
from habits.models.devices import RecoveryCode
from habits.models.leaders import Leader
from habits.models.limits import Attempt
from tests.web.ways import add, is_in, press, show, sign_up

CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}")
CREATE = "/recovery-codes"


@pytest.fixture
def passkey(client):
    return sign_up(client)


@pytest.fixture
def codes(client, passkey):
    return CODE.findall(press(client, CREATE).text)


def use(client, code: str):
    return press(client, "/recover", code=code)


def left(app) -> int:
    with app.app_context():
        return recovery.left(db.session.scalar(db.select(Leader).order_by(Leader.id)))


def test_the_page_says_how_many_still_work(app, client, codes):
    assert "10 codes still work. A new set replaces them." in client.get("/settings/codes").text
    with app.app_context():
        db.session.query(RecoveryCode).delete()
        db.session.commit()
    page = client.get("/settings/codes").text
    assert "No code works any more." in page
    assert "makes them void" not in page


def test_ten_different_codes_are_shown_and_only_a_digest_is_stored(app, codes):
    assert len(set(codes)) == 10
    with app.app_context():
        stored = list(db.session.scalars(db.select(RecoveryCode)))
    assert len(stored) == 10
    plain = [code.replace("-", "") for code in codes]
    assert {row.locator for row in stored} == {code[:8] for code in plain}
    kept = " ".join(row.locator + row.digest for row in stored)
    assert not any(code[8:] in kept for code in plain)


def test_another_secret_of_the_app_makes_them_void(app, codes, clock):
    with app.app_context():
        assert recovery.use(codes[0], "x" * 40, clock()) is None


def test_a_code_opens_the_way_to_a_new_passkey_and_to_nothing_else(app, client, codes):
    phone = app.test_client()
    response = use(phone, codes[0])
    assert response.headers["Location"] == "/passkeys/new"
    assert phone.get("/settings").headers["Location"] == "/passkeys/new"
    new = add(phone)
    assert is_in(phone)
    assert show(app.test_client(), new).status_code == 200
    assert left(app) == 9


def test_using_one_ends_the_leaders_other_sessions_and_nobody_elses(app, client, codes):
    cleo = app.test_client()
    sign_up(cleo, "Cleo")
    use(app.test_client(), codes[0])
    assert not is_in(client)
    assert is_in(cleo)


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: f"  {c} "])
def test_case_hyphens_and_spaces_do_not_matter(app, codes, change):
    assert use(app.test_client(), change(codes[0])).status_code == 303


def test_letters_that_look_like_digits_are_read_as_such(app, codes):
    code = next((c for c in codes if "0" in c or "1" in c), codes[0])
    assert use(app.test_client(), code.replace("0", "O").replace("1", "l")).status_code == 303


def test_unknown_wrong_used_and_garbage_are_answered_alike(app, codes):
    use(app.test_client(), codes[0])
    last = "0" if codes[1][-1] != "0" else "1"
    tries = [codes[0], codes[1][:-1] + last, "0000-" * 5 + "0000", "no code", "💥", "'; --", "١٢٣"]
    answers = {}
    for typed in tries:
        response = use(app.test_client(), typed)
        assert response.status_code == 422
        said = re.search(r'class="error"[^>]*>([^<]+)<', response.text)[1]
        answers[said] = typed
        assert typed.replace("'", "&#39;") in response.text
    assert len(answers) == 1


def test_a_new_set_makes_the_earlier_one_void(app, client, codes):
    fresh = CODE.findall(client.post(CREATE, data={"key": "another-key"}).text)
    assert use(app.test_client(), codes[0]).status_code == 422
    assert use(app.test_client(), fresh[0]).status_code == 303


def test_a_repeated_press_does_not_make_the_shown_codes_void(app, client, codes):
    again = press(client, CREATE)
    assert CODE.findall(again.text) == []
    assert use(app.test_client(), codes[0]).status_code == 303


def test_five_tries_of_one_code_are_enough_and_passkeys_still_work(app, client, passkey, codes):
    wrong = codes[0][:-4] + "0000"
    for _ in range(5):
        assert use(app.test_client(), wrong).status_code == 422
    response = use(app.test_client(), codes[0])
    assert response.status_code == 429
    assert codes[0] in response.text
    assert use(app.test_client(), codes[1]).status_code == 303
    assert show(app.test_client(), passkey).status_code == 200


def test_guessing_from_everywhere_is_stopped_in_all_and_passkeys_still_work(
    app, clock, passkey, codes
):
    with app.app_context():
        spend(recovery.IN_ALL, "", clock())
        db.session.query(Attempt).filter_by(bucket="recovery:").update(
            {"tries": recovery.IN_ALL.tries}
        )
        db.session.commit()
    assert use(app.test_client(), codes[0]).status_code == 429
    assert show(app.test_client(), passkey).status_code == 200
    clock.advance(hours=1)
    assert use(app.test_client(), codes[0]).status_code == 303


def test_the_limit_holds_over_a_restart_and_passes_with_time(app, config, clock, codes):
    wrong = codes[0][:-4] + "0000"
    for _ in range(5):
        use(app.test_client(), wrong)
    again = create_app(config, clock)
    assert use(again.test_client(), codes[0]).status_code == 429
    clock.advance(hours=1)
    assert use(again.test_client(), codes[0]).status_code == 303


def test_guessing_from_one_address_is_stopped_whatever_it_calls_itself(app, codes):
    client = app.test_client()
    statuses = [
        client.post(
            "/recover",
            data={"key": "a-key-of-this-write", "code": f"{n:08d}" + "0" * 16},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(25)
    ]
    assert statuses == [422] * 20 + [429] * 5


def guess(client, n, claimed, **environ):
    """A wrong code, from whoever the proxies and the client say it comes."""
    return client.post(
        "/recover",
        data={"key": "a-key-of-this-write", "code": f"{n:08d}" + "0" * 16},
        headers={"X-Forwarded-For": claimed},
        environ_base=environ,
    ).status_code


def test_behind_a_proxy_each_visitor_counts_alone_whatever_they_claim(config, clock):
    client = create_app(dataclasses.replace(config, proxies=1), clock).test_client()
    spoofing = [guess(client, n, f"198.51.100.{n}, 203.0.113.7") for n in range(21)]
    assert spoofing == [422] * 20 + [429]
    assert guess(client, 50, "203.0.113.8") == 422


def test_behind_two_proxies_the_outer_one_is_believed(config, clock):
    client = create_app(dataclasses.replace(config, proxies=2), clock).test_client()
    tries = [guess(client, n, f"9.9.9.{n}, 203.0.113.7, 10.0.0.{n}") for n in range(21)]
    assert tries == [422] * 20 + [429]


def test_a_household_with_a_whole_network_of_addresses_is_one(app):
    client = app.test_client()
    tries = [guess(client, n, "", REMOTE_ADDR=f"2001:db8:1:2::{n:x}") for n in range(21)]
    assert tries == [422] * 20 + [429]
    assert guess(client, 50, "", REMOTE_ADDR="2001:db8:1:3::1") == 422


def test_twenty_presses_at_once_let_one_in(app, codes):
    start = Barrier(20)

    def press_it(_n):
        phone = app.test_client()
        start.wait()
        response = use(phone, codes[0])
        let_in = phone.get("/passkeys/new").status_code == 200
        return response.status_code, let_in

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(press_it, range(20)))
    assert [let_in for _status, let_in in found].count(True) == 1
    assert sorted(status for status, _let_in in found)[0] == 303
    assert {status for status, _let_in in found} <= {303, 422, 429}
    assert left(app) == 9


def test_what_a_thief_prepared_is_void_once_a_code_was_used(app, client, codes):
    """A link for one more device, made before the sessions were ended."""
    link = re.search(r"/devices/[\w-]+", press(client, "/passkeys/links").text)[0]
    assert app.test_client().get(link).status_code == 200
    use(app.test_client(), codes[0])
    assert app.test_client().get(link).status_code == 404
    assert press(app.test_client(), link).status_code == 404


def test_twenty_uses_at_once_have_one_success(app, config, clock, codes):
    start = Barrier(20)

    def attempt(_):
        with app.app_context():
            start.wait()
            found = recovery.use(codes[0], config.secret, clock())
            db.session.commit()
            return found is not None

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 1
    assert left(app) == 9


def test_settings_say_how_many_are_left(app, client, codes):
    use(app.test_client(), codes[0])
    phone = app.test_client()
    use(phone, codes[1])
    add(phone)
    assert "8 codes left" in phone.get("/settings").text
    assert "8 codes" in phone.get("/settings/codes").text


def test_right_after_signing_up_no_passkey_is_asked_for_again(client, passkey):
    assert client.get("/settings/codes?first=1").status_code == 200
    assert "/commitments/library?first=1" in press(client, f"{CREATE}?first=1").text
