"""Lines of the passbook: the figures on a page line up."""

from hypothesis import given

from habits.movements import of_day
from tests import books
from tests.trust.histories import records
from tests.written_weeks import relaxed


def tenths(value: float) -> int:
    return round(value * 10)


@relaxed
@given(records())
def test_the_shown_lines_of_a_day_lead_from_balance_to_balance(drawn):
    history, today = drawn
    book = books.of(history, today)
    for day in book.days:
        shown = sum(tenths(line.shown) for line in of_day(book, day, frozenset()))
        assert tenths(day.before.balance) + shown == tenths(day.state.balance)
