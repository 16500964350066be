"""Lines for pictures: no wider than they may be, and nothing lost that fits."""

import pytest

from habits.typeset import ELLIPSIS, fitting, lines, shortened, width

TITLE = "I give the reason with every decision that touches somebody else"


@pytest.mark.parametrize(
    "text", [TITLE, "W" * 120, "i" * 120, "我每次会议都准时开始" * 9, "", " ", "é" * 80]
)
@pytest.mark.parametrize("most", [60, 300, 900])
def test_no_line_is_wider_than_it_may_be(text, most):
    made = lines(text, 27, most, 3)
    assert len(made) <= 3
    assert all(width(line, 27) <= most for line in made)


def test_what_fits_is_kept_whole():
    assert lines(TITLE, 27, 900, 3) == lines(TITLE, 27, 900, 9)
    assert " ".join(lines(TITLE, 27, 400, 9)) == TITLE
    assert shortened("Short", 27, 900) == "Short"


def test_what_does_not_fit_says_so():
    last = lines(TITLE, 27, 300, 2)[-1]
    assert last.endswith(ELLIPSIS)
    assert len(last) > 5


def test_japanese_breaks_between_characters_and_never_before_a_full_stop():
    said = "これまでに25件中22件を守りました。"
    made = lines(said, 72, 912, 2)
    assert "".join(made) == said
    assert len(made) == 2
    assert lines("守りました。", 10, width("守りました", 10), 2) == ["守りまし", "た。"]


def test_type_shrinks_until_a_line_fits_but_not_without_end():
    assert fitting("Short", 72, 912, 50) == 72
    assert 54 <= fitting("Ich habe 22 von 25 gehalten.", 72, 912, 54) < 72
    assert fitting(TITLE, 72, 912, 54) is None
