"""Which language is nearest to what somebody asks for."""

import pytest
from werkzeug.datastructures import LanguageAccept

from habits.languages import SPOKEN, best, nearest, week_start

ASKED = [
    ("de", "de"),
    ("de-AT", "de"),
    ("pt-BR", "pt_BR"),
    ("pt_PT", "pt_BR"),
    ("PT", "pt_BR"),
    ("ar-EG", "ar"),
    ("ja_JP", "ja"),
    ("it", None),
    ("", None),
    (None, None),
    ("*", None),
    ("x" * 5000, None),
]


@pytest.mark.parametrize(("asked", "found"), ASKED)
def test_a_tag_finds_its_language_whatever_its_country(asked, found):
    assert nearest(asked) == found


def test_the_first_that_a_browser_asks_for_and_kept_speaks_is_taken():
    assert best(LanguageAccept([("it", 1), ("fr-CA", 0.9), ("de", 0.8)])) == "fr"
    assert best(LanguageAccept([("it", 1)])) == "en"
    assert best(LanguageAccept([])) == "en"


def test_every_language_is_called_by_its_own_name():
    assert SPOKEN["ar"] == "العربية"
    assert len(set(SPOKEN.values())) == len(SPOKEN) == 7


def test_the_week_of_a_new_leader_begins_as_it_does_where_the_language_is_spoken():
    starts = {code: week_start(code) for code in SPOKEN}
    assert starts == {"en": 1, "de": 1, "es": 1, "fr": 1, "pt_BR": 7, "ar": 6, "ja": 7}
