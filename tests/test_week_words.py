"""A week in words: its sentence, and the gap between guess and week."""

import re
from datetime import timedelta

import pytest
from flask_babel import force_locale
from hypothesis import given

from habits import week_words, weeks
from habits.days import week_first
from habits.week_notes import Noted
from tests import books
from tests.books import FIRST
from tests.trust.histories import records
from tests.written_weeks import AFTER, LATER, relaxed, week

SENTENCES = {
    "You kept all 7.": ({"a": "kkkkkkk"}, AFTER),
    "The one you missed, you owned up to": ({"a": "kkkktkk"}, AFTER),
    "One mistake is still unsaid": ({"a": "kkkkukk"}, AFTER),
    "said, it would have cost a third": ({"a": "kkkkukk"}, LATER),
    "Going back on your word a single time cost more": ({"a": "kkkkckk"}, AFTER),
    "leaves a scar": ({"a": "kkkkdkk"}, AFTER),
    "One stayed silent": ({"a": "kkkk.kk"}, LATER),
    "An absence counts as one lapse": ({"a": "......."}, LATER),
    "three times the one you owned up to": ({"a": "kktkkkkuk"[:7], "b": "kkkkukk"}, AFTER),
    "So far you have kept all 2.": ({"a": "kk"}, FIRST + timedelta(days=2)),
    "So far you have kept the one you answered.": ({"a": ".k"}, FIRST + timedelta(days=1)),
    "So far you have kept all 6. The account": ({"a": "kkkkkk."}, AFTER),
    "It begins with one kept promise": ({"a": ""}, FIRST),
    "every promise was released": ({"a": "rrrrrrr"}, AFTER),
}


@pytest.mark.parametrize("part", SENTENCES)
def test_the_sentence_says_what_happened(app, part):
    signs, today = SENTENCES[part]
    with app.test_request_context():
        assert part in week_words.sentence(week(signs, today))


def test_the_sentence_gains_what_the_balances_show(app):
    told = []
    with app.test_request_context():
        for days in range(1, 36):
            today = FIRST + timedelta(days=days - 1)
            found = weeks.summary(books.written({"a": "k" * days}, today), week_first(today, 1))
            told += re.findall(r"grew by (\d+\.\d)", week_words.sentence(found))
            gained = round(found.closing, 1) - round(found.opening, 1)
            assert float(told[-1]) == pytest.approx(gained)
    assert len(told) == 35


@relaxed
@given(records())
def test_every_week_has_words(drawn):
    from flask import Flask
    from flask_babel import Babel

    speaking = Flask("words")
    Babel(speaking)
    history, today = drawn
    found = weeks.summary(books.of(history, today), week_first(today, history.week_start))
    if found is None:
        return
    with speaking.test_request_context():
        assert week_words.sentence(found).strip()
        assert "None" not in week_words.share_text(found)
        assert week_words.share_text(found).startswith("Week ")


def test_in_arabic_a_title_keeps_its_direction_in_the_text_to_share(app):
    found = weeks.summary(books.written({"a": "kkkkkkk"}, AFTER), FIRST)
    with app.test_request_context(), force_locale("ar"):
        assert f"\u2068{found.rows[0].title}\u2069: " in week_words.share_text(found)


def test_the_gap_between_guess_and_week(app):
    book = books.written({"a": "kkkukkk"}, AFTER)
    with app.test_request_context():
        for thought, part in [(6, "it was 6"), (7, "one more"), (2, "better than you believed")]:
            said = Noted(asked=True, guess=thought)
            assert part in week_words.gap(weeks.summary(book, FIRST, said))


def test_no_gap_is_judged_while_a_promise_is_open(app):
    book = books.written({"a": "kkkkkk."}, AFTER)
    with app.test_request_context():
        said = week_words.gap(weeks.summary(book, FIRST, Noted(asked=True, guess=7)))
    assert said == "You thought 7; so far it is 6."
