"""Colon and comma between two texts follow the language, in templates too."""

import re

import pytest
from flask_babel import force_locale

from habits import ROOT
from habits.joiners import apart, labelled, listed, sentences

NO_BREAK = "\N{NO-BREAK SPACE}"
JOINED = [
    ("en", "Note: call", "Mon, Wed, Fri"),
    ("fr", f"Note{NO_BREAK}: call", "Mon, Wed, Fri"),
    ("ar", "Note: call", "Mon، Wed، Fri"),
    ("ja", "Note：call", "Mon、Wed、Fri"),
]
BY_HAND = re.compile(r"\}\}[:,] ?\{\{|>[:,] ?(\{\{|<)")


@pytest.mark.parametrize(("language", "label", "days"), JOINED)
def test_a_label_and_a_list_are_joined_as_the_language_does(app, language, label, days):
    with app.test_request_context(), force_locale(language):
        assert labelled("Note", "call") == label
        assert listed(["Mon", "Wed", "Fri"]) == days


def test_japanese_sentences_follow_one_another_without_a_space(app):
    with app.test_request_context(), force_locale("en"):
        assert sentences(["Kept.", None, "Well."]) == "Kept. Well."
    with app.test_request_context(), force_locale("ja"):
        assert sentences(["守りました。", "", "続けます。"]) == "守りました。続けます。"


@pytest.mark.parametrize(("language", "title"), [("en", "1:1"), ("ar", "\u20681:1\u2069")])
def test_the_leaders_words_keep_their_direction_beside_arabic(app, language, title):
    with app.test_request_context(), force_locale(language):
        assert apart("1:1") == title


def test_no_template_joins_two_texts_by_itself():
    pages = (ROOT / "templates").rglob("*.html")
    assert [str(page) for page in pages if BY_HAND.search(page.read_text())] == []
