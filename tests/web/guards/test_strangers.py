"""What is Dana's does not exist for Cleo, whatever she asks and sends."""

from tests.cast import TODAY
from tests.web.guards.home import ABSENT, ASKED_FOR, KEY, LETS_IN_OR_OUT, OWN, SECRET, blank


def test_what_is_danas_does_not_exist_for_cleo(home, stranger):
    before = home.stored()
    faults = []
    for method, endpoint, arguments in home.rules("GET", "POST"):
        if not arguments & OWN or home.is_api(endpoint):
            continue
        for headers in ASKED_FOR:
            answers = [
                stranger.open(
                    home.url(endpoint, arguments, **changes),
                    method=method,
                    data=KEY,
                    headers=headers,
                )
                for changes in ({}, dict.fromkeys(OWN, ABSENT))
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
