"""Weeks lived through the app's own pages come to what replay makes of the same history."""

import csv
import io
import json
import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner

from habits import ledger
from habits.cli.replay import replay
from habits.db import db
from habits.models import Leader
from habits.trust.history import CadenceKind, Pillar
from tests import cast
from tests.cast import TODAY
from tests.web import rows
from tests.web.test_answers import tap

DAYS = 38
PICKS = (
    ("character", {"kind": "daily"}),
    ("competency", {"kind": "weekdays", "days": [1, 2, 3, 4, 5]}),
    ("competency", {"kind": "per_week", "times": 3}),
    ("character", {"kind": "daily"}),
)


def pick(leader, pillar: str, cadence: dict, day: date):
    return cast.promise(
        leader,
        f"{pillar} {cadence['kind']}",
        pillar=Pillar(pillar),
        kind=CadenceKind(cadence["kind"]),
        weekdays=cadence.get("days"),
        times=cadence.get("times"),
        picked_on=day,
    )


def replayed(document: dict, today: date, tmp_path) -> dict[str, str]:
    """The last line that `kept replay` writes."""
    path = tmp_path / "history.json"
    path.write_text(json.dumps(document))
    done = CliRunner().invoke(replay, [str(path), "--today", str(today)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))[-1]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_app_and_replay_agree_on_every_evening(app, dana, clock, tmp_path, seed):
    chance = random.Random(seed)
    first = TODAY
    with app.app_context():
        made = [pick(dana, pillar, cadence, first) for pillar, cadence in PICKS]
    client = app.test_client()
    cast.sign_in(client, dana)
    answers, lapses, off = {}, [], []
    for n in range(DAYS):
        today = first + timedelta(days=n)
        live_a_day(client, chance, made, today, answers, lapses)
        if n == 20:
            span = (today + timedelta(days=2), today + timedelta(days=4))
            fields = {"first": span[0], "last": span[1], "key": str(uuid4())}
            assert client.post("/time-off", data=fields).status_code == 303
            off.append(span)
        page = client.get("/")
        line = replayed(document(made, answers, lapses, off), today, tmp_path)
        assert rows.balance(page) == pytest.approx(float(line["balance"]), abs=1e-9)
        assert rows.streak(page) == int(line["streak"])
        clock.advance(days=1)
    with app.app_context():
        assert ledger.verify(db.session.get(Leader, dana.id), today) == []


def live_a_day(client, chance, made, today, answers, lapses):
    """Answer, correct, forget or own up, for today and for days of the last week."""
    if 28 <= (today - TODAY).days < 35:
        return  # a week of silence
    for promise in made:
        day = today - timedelta(days=chance.choice([0, 0, 0, 0, 0, 1, 3, 6]))
        reply = chance.choice(["kept"] * 7 + ["broken", "broken", "released", ""])
        more = {}
        if reply == "broken":
            told = chance.random() < 0.5
            nature = chance.choice(["mistake", "mistake", "choice", "deception"])
            more = {"nature": nature, "told": "yes" if told else "no"}
        response = tap(client, promise, reply, day=day, **more)
        if response.status_code == 422:
            continue  # nothing was promised on that day
        assert response.status_code == 200
        answers.pop((promise.id, day), None)
        if reply:
            answers[promise.id, day] = {"answer": reply} | (
                {"nature": more["nature"], "told": more["told"] == "yes"} if more else {}
            )
    if chance.random() < 0.08:
        fields = {"date": today, "nature": "mistake", "told": "no", "key": str(uuid4())}
        assert client.post("/lapses", data=fields).status_code == 303
        lapses.append({"date": str(today), "nature": "mistake", "told": False})


def document(made, answers, lapses, off) -> dict:
    """The history as a file says it, written by hand rather than by the app."""
    return {
        "format": "kept-history",
        "version": 1,
        "trust_version": 1,
        "leader": {
            "name": "Dana",
            "timezone": cast.ZONE,
            "day_start": 3,
            "week_start": 1,
            "locale": "en",
        },
        "commitments": [
            {
                "id": str(promise.id),
                "title": promise.title,
                "pillar": pillar,
                "cadence": cadence,
                "picked_on": str(TODAY),
            }
            for promise, (pillar, cadence) in zip(made, PICKS, strict=True)
        ],
        "answers": [
            {"commitment": str(commitment), "date": str(day), **said}
            for (commitment, day), said in answers.items()
        ],
        "lapses": lapses,
        "time_off": [{"first": str(start), "last": str(end)} for start, end in off],
    }
