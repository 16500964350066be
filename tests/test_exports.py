"""What export writes: the whole history, which the strict reader takes, and the ledger."""

import csv
import io
import json
from datetime import timedelta

import pytest

from habits import archive, demo, exports, ledger_sheet, links, recovery, roster, sessions
from habits.book import whole_book
from habits.db import db
from habits.models import Answer, Lapse, Telling, WeekNote
from habits.models.devices import LinkKind, RecoveryCode
from habits.trust.fold import fold
from habits.trust.history import Nature, Reply
from habits.trust.plan import Plan
from tests import cast
from tests.cast import TODAY
from tests.clock import MONDAY


@pytest.fixture
def demo_leader(app, clock):
    with app.app_context():
        demo.fill(clock())
        db.session.commit()
        yield roster.leaders()[0]


def answer(dana, promise, day, reply, at=MONDAY, **said):
    db.session.add(
        Answer(
            leader_id=dana.id,
            commitment_id=promise.id,
            date=day,
            reply=reply,
            key=f"{promise.id}-{day}-{at}",
            answered_at=at,
            recorded_at=at,
            **said,
        )
    )
    db.session.commit()


def test_the_file_folds_to_the_account_it_was_written_from(demo_leader):
    document = exports.document(demo_leader)
    parsed = archive.read(exports.to_bytes(document))
    assert not parsed.strays
    there = [(day.date, day.state.balance) for day in fold(Plan(parsed.history), TODAY)]
    here = [(day.date, day.state.balance) for day in whole_book(demo_leader, TODAY).days]
    assert there == here
    assert len(here) > 100


def test_it_holds_what_moves_nothing_too(app, dana):
    with app.app_context():
        ben = cast.person(dana)
        promise = cast.promise(dana, person_id=ben.id, occasion=True, ask="Do you see it?")
        day = TODAY - timedelta(days=2)
        answer(dana, promise, day, Reply.KEPT, MONDAY - timedelta(hours=2), note="at first")
        answer(dana, promise, day, Reply.BROKEN, MONDAY - timedelta(hours=1), told=True)
        answer(dana, promise, TODAY, Reply.KEPT, MONDAY - timedelta(hours=2))
        answer(dana, promise, TODAY, None, MONDAY - timedelta(hours=1))
        taken_back = Lapse(
            leader_id=dana.id, date=day, nature=Nature.CHOICE, recorded_at=MONDAY,
            withdrawn_at=MONDAY,
        )  # fmt: skip
        lapse = Lapse(
            leader_id=dana.id, date=day, nature=Nature.MISTAKE, note="late", recorded_at=MONDAY
        )
        db.session.add_all((taken_back, lapse))
        db.session.flush()
        db.session.add_all(
            (
                Telling(leader_id=dana.id, lapse_id=lapse.id, date=day, told_at=MONDAY),
                WeekNote(leader_id=dana.id, first=day, guess=3, guessed_at=MONDAY, line="Calm."),
            )
        )
        repair = cast.promise(dana, "I call Ben", repairs_id=promise.id, repairs_date=day)
        cast.promise(dana, "I start early", continues_id=promise.id)
        db.session.commit()
        document = exports.document(dana)
    assert repair.repairs_id
    assert [one["answer"] for one in document["answers"]] == ["broken"]
    assert document["answers"][0]["told"] is True
    assert len(document["lapses"]) == 1
    assert document["told_later"] == [
        {"lapse": 0, "date": day.isoformat(), "told_at": "2026-11-23T18:00:00Z"}
    ]
    assert document["weeks"][0]["guess"] == 3
    assert document["weeks"][0]["line"] == "Calm."
    assert document["repairs"] == [{"commitment": "c1", "broken": "c0", "date": day.isoformat()}]
    assert document["successors"] == [{"commitment": "c2", "continues": "c0"}]
    assert document["settings"]["people"] == ["Ben"]
    assert document["settings"]["commitments"] == [
        {"commitment": "c0", "occasion": True, "ask": "Do you see it?", "starter": None}
    ]
    earlier = document["settings"]["earlier"]
    assert [(one["date"], one["answer"]) for one in earlier] == [
        (day.isoformat(), "kept"),
        (TODAY.isoformat(), "kept"),
        (TODAY.isoformat(), None),
    ]
    archive.parse(document)


def test_nothing_of_another_leader_is_in_it(app, dana, cleo):
    with app.app_context():
        cast.promise(cleo, "Cleo's own", person_id=cast.person(cleo, "Zoe").id)
        cast.promise(dana)
        text = exports.to_bytes(exports.document(dana)).decode()
    assert "Cleo" not in text
    assert "Zoe" not in text


def test_no_secret_is_in_it(app, dana, config):
    with app.app_context():
        token = sessions.start(dana, "Phone", MONDAY)
        codes = recovery.renew(dana, config.secret, MONDAY)
        link = links.make(LinkKind.DEVICE, dana, MONDAY)
        db.session.commit()
        written = exports.to_bytes(exports.document(dana)).decode()
        sheet = ledger_sheet.sheet(dana, TODAY)
        digests = [row.digest for row in db.session.query(RecoveryCode)]
    for secret in (config.secret, token, sessions.digest(token), link, *codes, *digests):
        assert str(secret) not in written + sheet


def test_an_account_without_anything_has_a_file_too(app, dana):
    with app.app_context():
        document = json.loads(exports.to_bytes(exports.document(dana)))
    assert document["commitments"] == []
    archive.parse(document)


def test_the_sheet_has_a_line_a_day_and_one_for_each_entry(demo_leader):
    rows = list(csv.DictReader(io.StringIO(ledger_sheet.sheet(demo_leader, TODAY))))
    days = [row for row in rows if row["line"] == "day"]
    book = whole_book(demo_leader, TODAY)
    assert [row["date"] for row in days] == [day.date.isoformat() for day in book.days]
    assert float(days[-1]["balance"]) == pytest.approx(book.state.balance, abs=1e-4)
    entries = sum(len(day.entries) for day in book.days)
    assert len(rows) - len(days) == entries > 100
    changes = sum(float(row["change"]) for row in rows if row["line"] == "entry")
    assert changes == pytest.approx(book.state.balance - 50, abs=0.1)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "|", "＝", " =", "\u00a0="])
def test_no_cell_is_taken_for_a_formula(app, dana, start):
    words = f"{start}HYPERLINK(1)"
    with app.app_context():
        promise = cast.promise(dana, words)
        answer(dana, promise, TODAY, Reply.BROKEN, note=words)
        sheet = ledger_sheet.sheet(dana, TODAY)
    (row,) = [row for row in csv.DictReader(io.StringIO(sheet, newline="")) if row["note"]]
    assert row["note"] == row["promises"] == f"'{words}"


def test_plain_words_stay_as_they_are():
    assert ledger_sheet.cell("Ben (and = Maria)") == "Ben (and = Maria)"
