"""The catalogues: whole, current, true to their placeholders, and compiled."""

import re
from functools import cache
from string import Formatter

import pytest
from babel import Locale

from tests.translations import TRANSLATED, compiled, is_said, mo, read, texts

PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
TAGS = re.compile(r"</?\w[^>]*>")
PATTERN_LETTERS = re.compile("[dEMLy]")
COUNTS = {("num", "d"), ("num", "s"), ("count", "d"), ("count", "s")}

each_language = pytest.mark.parametrize("code", TRANSLATED)


def forms(message) -> list[str]:
    return list(message.string if isinstance(message.string, tuple) else (message.string,))


def originals(message) -> list[str]:
    return list(message.id if isinstance(message.id, tuple) else (message.id,))


def is_pattern(message) -> bool:
    return (message.context or "").startswith("date pattern")


def letters(pattern: str) -> set[str]:
    return {letter.replace("L", "M") for letter in PATTERN_LETTERS.findall(pattern)}


@cache
def said(code: str) -> list:
    return [message for message in read(code) if message.id]


@each_language
def test_every_text_of_the_code_is_translated(code):
    here = {(message.id, message.context): message for message in said(code)}
    wanted = {(message.id, message.context) for message in texts() if message.id}
    missing = [key for key in wanted if key not in here or not is_said(here[key])]
    assert not missing, "say them, then: make translations"


@each_language
def test_no_text_stands_there_that_the_code_no_longer_says(code):
    wanted = {(message.id, message.context) for message in texts() if message.id}
    assert not [m.id for m in said(code) if (m.id, m.context) not in wanted], "make translations"
    assert not [message.id for message in said(code) if message.fuzzy]


@each_language
def test_what_is_inserted_is_inserted_in_every_language(code):
    for message in said(code):
        if is_pattern(message):
            continue
        wanted = set(PLACEHOLDER.findall(originals(message)[-1]))
        for form in forms(message):
            given = PLACEHOLDER.findall(form)
            # One, two and none may be said in words.
            unsaid = COUNTS if len(forms(message)) > 1 else set()
            assert wanted - unsaid <= set(given) <= wanted, form
            assert form.replace("%%", "").count("%") == len(given) or not wanted, form


@each_language
def test_what_js_inserts_and_marks_up_is_the_same(code):
    for message in said(code):
        for form in forms(message):
            original = originals(message)[-1]
            if "{" in original and "%" not in original:
                # One, two and none may be said in words.
                unsaid = {"n"} if len(forms(message)) > 1 else set()
                assert _fields(original) - unsaid <= _fields(form) <= _fields(original), form
            assert sorted(TAGS.findall(form)) == sorted(TAGS.findall(original)), form


@each_language
def test_every_plural_form_of_the_language_is_said(code):
    plurals = read(code).num_plurals
    for message in said(code):
        if isinstance(message.id, tuple):
            assert len(forms(message)) == plurals, message.id


@each_language
def test_date_patterns_tell_the_same_of_a_date(code):
    for message in said(code):
        if message.context == "date pattern":
            told = letters(message.id)
            given = letters(re.sub("'[^']*'", "", message.string))
            assert given == told, message.string


@each_language
def test_what_is_compiled_is_what_is_written(code):
    assert mo(code).read_bytes() == compiled(read(code)), "make translations"


@each_language
def test_the_language_is_one_with_dates_and_numbers(code):
    assert Locale.parse(code).months["format"]["wide"]


def _fields(text: str) -> set:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}
