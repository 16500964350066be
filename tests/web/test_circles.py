"""The circles as they are drawn: where they lie against the formula, in each state."""

import re
from math import acos, hypot, sqrt

import pytest

from habits.db import db
from tests import cast
from tests.web import rows
from tests.web.pulse import WEEK, answer, ask, links, open_round
from tests.web.test_pulses import keep


@pytest.fixture
def leading(app, dana):
    client = app.test_client()
    cast.sign_in(client, dana)
    with app.app_context():
        keep(dana)
    return client


def drawn(client) -> list[tuple[float, float]]:
    """The centres of Intention, Behavior and Perception in radii, as /people draws them."""
    ring = r'class="ring ring-\w+" cx="([-\d.]+)" cy="([-\d.]+)" r="100"'
    return [
        (float(x) / 100, float(y) / 100) for x, y in re.findall(ring, client.get("/people").text)
    ]


def pairs(client) -> list[list[str]]:
    """The overlaps in words: a label, its interval if it has one, and what is shown."""
    found = rows.parse(client.get("/people")).iter("div")
    return [
        [words.strip() for words in each.itertext() if words.strip()]
        for each in found
        if each.get("class") == "pair"
    ]


def overlap(one, other) -> float:
    """q = (2/π)(acos t − t·sqrt(1 − t²)), t = d/2ρ: what two circles that are drawn share."""
    t = hypot(one[0] - other[0], one[1] - other[1]) / 2
    return 2 / 3.141592653589793 * (acos(t) - t * sqrt(1 - t * t))


def test_ten_answers_and_more_lie_as_the_formula_says(app, leading, clock):
    open_round(leading)
    for number, url in enumerate(links(leading)):
        answer(app, url, 4, 4 if number < 8 else 1, 3, 4 if number < 6 else 0, 3)
    clock.now += WEEK
    intention, behavior, perception = drawn(leading)
    page = rows.text(leading.get("/people"))
    kept = re.search(r"In 56 days, (\d+) of (\d+) promises kept", page)
    r, of = int(kept[1]), int(kept[2])
    assert (r, of) == (16, 22)  # two a day: eight days kept, three silent by now
    assert overlap(intention, behavior) == pytest.approx((r + 1) / (of + 2), abs=0.005)
    assert overlap(behavior, perception) == pytest.approx((6 + 1) / (12 + 2), abs=0.005)
    assert overlap(intention, perception) == pytest.approx((8 + 1) / (12 + 2), abs=0.005)
    assert ["Deed and what they see", "likely between 33% and 67%", "50%"] in pairs(leading)
    assert "Sweet spot: 50%. They feel you mean it for them" in page
    assert "A sketch" in page


def test_five_to_nine_answers_are_drawn_by_their_bands_and_said_in_words(app, leading, clock):
    ask(app, leading, *[4] * 3, *[0] * 3)
    clock.now += WEEK
    _intention, behavior, perception = drawn(leading)
    assert overlap(behavior, perception) == pytest.approx(0.5, abs=0.005)
    page = rows.text(leading.get("/people"))
    assert ["Deed and what they see", "mixed"] in pairs(leading)
    assert "Sweet spot: mixed." in page


def test_before_a_pulse_perception_is_dashed_and_there_is_no_sweet_spot(leading):
    page = leading.get("/people").text
    assert 'data-state="not_asked"' in page
    assert 'class="sweet"' not in page
    assert "Sweet spot" not in page
    assert page.count("Only they can say what they perceive.") == 1  # heard once, too
    _intention, behavior, perception = drawn(leading)
    assert hypot(behavior[0] - perception[0], behavior[1] - perception[1]) == pytest.approx(
        0.98, abs=0.01
    )


@pytest.mark.parametrize(("language", "lines"), [("en", 1), ("fr", 2)])
def test_long_names_above_the_circles_stand_in_two_lines(app, leading, dana, language, lines):
    with app.app_context():
        db.session.merge(dana).locale = language
        db.session.commit()
    page = leading.get("/people").text
    tops = re.findall(r'class="name-(?:intention|behavior)" x="[-\d.]+" y="([-\d.]+)"', page)
    assert len(set(tops)) == lines
