"""When a round may be shown, and that no one person shows through."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habits.trust import pulse
from habits.trust.pulse import EMPTY, Band, Item, State, Tally, Trend

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPREAD = [4, 1, 3, 2, 4, 0, 3, 4, 2, 3, 4, 3]
boxes = st.sampled_from([*range(5), pulse.CANNOT_SAY])
forms = st.lists(st.tuples(*[boxes] * 5), max_size=16)


def tallies(answers):
    """What stays of these forms, each of five boxes."""
    found = [EMPTY] * 5
    for form in answers:
        found = [tally.with_answer(box) for tally, box in zip(found, form, strict=True)]
    return found


def same(*given):
    """Forms that tick the same box five times."""
    return tallies([(box,) * 5 for box in given])


def result(answers, invited=12, before=None):
    return pulse.result(answers, invited, before)


@pytest.mark.parametrize("answers", range(5))
def test_fewer_than_five_answers_show_nothing(answers):
    assert result(same(*SPREAD[:answers])) is None


def test_fewer_than_six_invited_show_nothing():
    assert result(same(*SPREAD[:5]), invited=5) is None
    assert result(same(*SPREAD[:5]), invited=6) is not None


@pytest.mark.parametrize("answers", [5, 9])
def test_five_to_nine_show_words_and_no_number(answers):
    found = result(same(*SPREAD[:answers]))
    assert [finding.item for finding in found.findings] == list(Item)
    assert {finding.share for finding in found.findings} == {None}


@pytest.mark.parametrize("answers", [10, 12])
def test_ten_or_more_show_a_number_with_its_interval(answers):
    finding = result(same(*SPREAD[:answers])).of(Item.FOLLOW)
    yes = sum(box >= 3 for box in SPREAD[:answers])
    assert finding.share.mean == (yes + 1) / (answers + 2)
    assert finding.share.low < finding.share.mean < finding.share.high


@pytest.mark.parametrize("answers", [5, 9, 10, 12])
@pytest.mark.parametrize(
    ("box", "band"), [(4, Band.MOSTLY_YES), (3, Band.MOSTLY_YES), (0, Band.MOSTLY_NO)]
)
def test_unanimous_answers_are_said_to_be_mostly_so(answers, box, band):
    for finding in result(same(*[box] * answers)).findings:
        assert (finding.band, finding.share) == (band, None)


def test_all_yes_in_different_boxes_is_no_number_either():
    assert result(same(*[3, 4] * 6)).of(Item.ABILITY).share is None


def test_cannot_say_is_dropped_from_its_item_which_is_not_shown_below_five():
    silent = (pulse.CANNOT_SAY, 3, 2, 4, 3)
    found = result(tallies([silent] * 2 + [(box,) * 5 for box in SPREAD[:4]]))
    assert [finding.item for finding in found.findings] == list(Item)[1:]
    more = result(tallies([silent] * 2 + [(box,) * 5 for box in SPREAD[:9]]))
    assert more.of(Item.ABILITY).share is None
    assert more.of(Item.BENEVOLENCE).share is not None


@given(forms, st.integers(6, 40), forms)
def test_nobody_shows_through(answers, invited, before):
    found = result(tallies(answers), invited, tallies(before))
    if found is None:
        assert len(answers) < 5
        return
    for place, item in enumerate(Item):
        said = [form[place] for form in answers if form[place] != pulse.CANNOT_SAY]
        finding = found.of(item)
        assert (finding is not None) == (len(said) >= 5)
        if finding and finding.share:
            assert len(said) >= 10
            assert {box >= 3 for box in said} == {True, False}


@given(forms, st.randoms())
def test_the_order_of_the_answers_leaves_no_trace(answers, chance):
    turned = list(answers)
    chance.shuffle(turned)
    assert tallies(turned) == tallies(answers)


def test_a_change_is_shown_only_where_the_intervals_part():
    low, high = same(*[0] * 10 + [4] * 2), same(*[4] * 10 + [0] * 2)
    assert result(high, before=low).of(Item.FOLLOW).trend is Trend.HIGHER
    assert result(low, before=high).of(Item.FOLLOW).trend is Trend.LOWER
    assert result(high, before=same(*SPREAD)).of(Item.FOLLOW).trend is Trend.SAME
    assert result(high).of(Item.FOLLOW).trend is None


def test_less_than_half_is_a_partial_view():
    assert result(same(*SPREAD[:5]), invited=11).partial
    assert not result(same(*SPREAD[:5]), invited=10).partial


def test_one_strength_and_one_gap_of_the_first_four():
    forms = [(4, 1, 3, 2, 0)] * 6
    found = result(tallies(forms))
    assert (found.strength, found.gap) == (Item.ABILITY, Item.BENEVOLENCE)


def test_where_all_tie_neither_is_named():
    assert (result(same(*SPREAD)).strength, result(same(*SPREAD)).gap) == (None, None)


def test_a_round_says_nothing_before_it_closes():
    closes = NOON + pulse.OPEN_FOR
    just_before = closes - timedelta(seconds=1)
    assert pulse.state(same(*SPREAD), closes, just_before) is State.OPEN
    assert pulse.state(same(*SPREAD), closes, closes) is State.PUBLISHED
    assert pulse.state(same(*SPREAD[:4]), closes, closes) is State.TOO_FEW
    assert pulse.state(same(*SPREAD), closes, closes, withdrawn=True) is State.WITHDRAWN


@pytest.mark.parametrize("boxes", [(), (1,) * 5, (1,) * 7, (0, 0, -1, 0, 0, 0)])
def test_what_is_no_tally_is_refused(boxes):
    with pytest.raises(ValueError, match="tally"):
        Tally(boxes)
