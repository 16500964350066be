"""What is sent to the API, read strictly: a JSON object of known fields, and the write's key."""

from collections.abc import Callable
from datetime import date, datetime

from flask import abort, request
from flask_babel import gettext as _

from habits.documents import Fields, HistoryError, a_date, any_text, between, load, wrong
from habits.passbook import Range
from habits.web.forms import KEY, LARGEST_ID, UNPRINTABLE
from habits.web.timing import instant

an_id = between(1, LARGEST_ID)


class Invalid(Exception):
    """A body or a parameter that says something else than it may; its words are for developers."""


def body(read: Callable):
    """What `read` makes of the fields of the JSON object that was sent. Raises Invalid."""
    if not request.is_json:
        abort(415)
    data = request.get_data()
    if len(data) >= request.max_content_length:  # sent in chunks, it is cut off there
        abort(413)
    try:
        sent = load(data)
    except HistoryError:
        abort(400, _("The body is no JSON object in UTF-8."))
    try:
        fields = Fields(sent, "")
        made = read(fields)
        fields.no_more()
    except HistoryError as problem:
        raise Invalid(str(problem).removeprefix("the file: ")) from problem
    return made


def key() -> str:
    """The client's name for this write; 400 without one."""
    sent = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(sent):
        abort(400, _("Name the write: an Idempotency-Key of 8 to 64 letters, digits, - or _."))
    return sent


def the_range() -> Range:
    """How far back to look: `range`, a month without one. Raises Invalid."""
    text = parameter("range", Range.MONTH.value)
    if text not in list(Range):
        raise Invalid(f"range: expected {' or '.join(Range)}")
    return Range(text)


def parameter(name: str, usual: str) -> str:
    """The only parameter that the address may bear. Raises Invalid for another or two of it."""
    if set(request.args) - {name} or len(request.args.getlist(name)) > 1:
        raise Invalid(f"expected one parameter, {name}, and no other")
    return request.args.get(name, usual)


def no_parameters() -> None:
    """Raises Invalid where there are any."""
    if request.args:
        raise Invalid("expected no parameters")


def words(longest: int) -> Callable[[object, str], str]:
    """Reads a text of at most `longest` characters that can be stored, stripped."""

    def read(value, path):
        if len(any_text(value, path)) > longest:
            raise wrong(path, f"at most {longest} characters", value)
        if UNPRINTABLE.search(value):
            raise wrong(path, "a text of characters that can be read", value)
        return value.strip()

    return read


def a_day(value, path) -> date:
    """Reads a local date whose week is in the calendar."""
    day = a_date(value, path)
    if not date.min.year < day.year < date.max.year:
        raise wrong(path, "a date of this calendar", value)
    return day


def an_instant(value, path) -> datetime:
    """Reads an instant with its offset from UTC."""
    found = instant(any_text(value, path))
    if found is None:
        raise wrong(path, "an instant such as 2026-11-23T18:00:00Z", value)
    return found
