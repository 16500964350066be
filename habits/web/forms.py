"""Form fields: strict parsing, a message beside the field, and nothing typed is lost."""

import re
import unicodedata
from datetime import date, time

from flask import abort, g, request
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BaseConverter
from werkzeug.routing import ValidationError as RoutingError
from wtforms import Form as Fields
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from habits.problems import Refused

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
UNSAID = {"key", "answered_at", "sent_at"}  # fields that say nothing themselves
LARGEST_ID = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2999
# NUL stops PostgreSQL, lone surrogates stop UTF-8; other controls stop readers.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _stripped(value):
    return value.strip() if isinstance(value, str) else value


def printable(_form, field):
    """Refuse characters that cannot be stored or read."""
    if field.data and UNPRINTABLE.search(field.data):
        field.data = UNPRINTABLE.sub("", field.data)
        raise ValidationError(_l("This holds a character that cannot be stored. Type it again."))


class Text(StringField):
    """A line or a paragraph, stripped, of at most `longest` characters."""

    def __init__(self, label="", longest=120, required=None, **kwargs):
        checks = [printable, Length(max=longest, message=_l("At most %(max)d characters."))]
        if required:
            checks.insert(0, needed(required))
        super().__init__(label, checks, filters=[_stripped], **kwargs)


class Key(StringField):
    """The client's key of this write; a form without one is malformed (400)."""

    def pre_validate(self, form):
        if not self.data or not KEY.fullmatch(self.data):
            abort(400)
        g.key = self.data


class Word(StringField):
    """One word of an enum, or None where nothing was sent."""

    def __init__(self, kind, label="", required=None, **kwargs):
        super().__init__(label, [needed(required)] if required else [], **kwargs)
        self.kind = kind
        self.word = None

    def pre_validate(self, form):
        if not self.data:
            return
        try:
            self.word = self.kind(self.data)
        except ValueError:
            raise ValidationError(_l("Choose one of the answers shown.")) from None


class Choice(StringField):
    """One of a few values; `.chosen` is that value."""

    def __init__(self, label, options, **kwargs):
        super().__init__(label, **kwargs)
        self.options = {str(option): option for option in options}

    def pre_validate(self, form):
        if self.data not in self.options:
            raise ValidationError(_l("Choose one of the answers shown."))

    @property
    def chosen(self):
        return self.options[self.data]


class Flag(StringField):
    """Yes or no, as forms and scripts say it; `.yes` is false where nothing was sent."""

    YES = ("yes", "true", "1", "on")
    NO = ("", "no", "false", "0", "off")

    @property
    def yes(self) -> bool:
        return (self.data or "").lower() in self.YES

    def pre_validate(self, form):
        if (self.data or "").lower() not in (*self.YES, *self.NO):
            raise ValidationError(_l("Choose yes or no."))


class Day(StringField):
    """A local date as YYYY-MM-DD; `.day` is the date or None."""

    def __init__(self, label="", required=None, **kwargs):
        super().__init__(label, [needed(required)] if required else [], **kwargs)
        self.day = None

    def pre_validate(self, form):
        if not self.data:
            return
        self.day = parse_day(self.data)
        if self.day is None:
            self.data = UNPRINTABLE.sub("", self.data)
            raise ValidationError(_l("This is not a date. Write it like 2026-11-23."))


class Clock(StringField):
    """A time of day as HH:MM; `.time` is it."""

    time = None

    def pre_validate(self, form):
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", self.data or "", re.ASCII):
            self.data = UNPRINTABLE.sub("", self.data or "")
            raise ValidationError(_l("This is not a time. Write it like 20:30."))
        self.time = time.fromisoformat(self.data)


class Id(StringField):
    """A row's id; `.id` is an int or None. What is no id is nobody's: 404."""

    def __init__(self, label="", **kwargs):
        super().__init__(label, **kwargs)
        self.id = None

    def pre_validate(self, form):
        if not self.data:
            return
        self.id = parse_id(self.data)
        if self.id is None:
            abort(404)


class Number(StringField):
    """A whole number from `least` to `most`; `.number` is an int or None."""

    def __init__(self, label="", least=0, most=100, required=None, **kwargs):
        super().__init__(label, [needed(required)] if required else [], **kwargs)
        self.least, self.most, self.number = least, most, None

    def pre_validate(self, form):
        if not self.data:
            return
        text = self.data.strip()
        if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not (
            self.least <= int(text) <= self.most
        ):
            self.data = UNPRINTABLE.sub("", self.data)
            message = _l("A whole number from %(least)d to %(most)d.")
            raise ValidationError(message % {"least": self.least, "most": self.most})
        self.number = int(text)


class Form(Fields):
    """A form of known fields; an unknown one is a malformed request."""

    key = Key()

    @classmethod
    def read(cls, **kwargs):
        """The form that was sent. Unknown fields are a 400."""
        form = cls(request.form, **kwargs)
        if set(request.form) - {field.name for field in form}:
            abort(400)
        return form

    def refuse(self, problem: Refused) -> None:
        """Say a verb's refusal at its field."""
        field = self._fields.get(problem.field) or self._fields["key"]
        field.errors = [*field.errors, str(problem.message)]

    def sent(self) -> dict:
        """What was sent, without key and clocks: the body that a repeat has to match."""
        return {field.name: field.data for field in self if field.name not in UNSAID}


class IdConverter(BaseConverter):
    """A row's id in an address; what is no id is nobody's: 404."""

    regex = "[0-9]{1,10}"

    def to_python(self, value):
        found = parse_id(value)
        if found is None:
            raise RoutingError
        return found


def needed(message):
    """The field cannot stay empty."""

    def check(_form, field):
        if not any(map(_is_seen, field.data or "")):
            raise ValidationError(message)

    check.field_flags = {"required": True}
    return check


def _is_seen(character: str) -> bool:
    """Whether a reader sees it: spaces, controls and what only joins or turns others are not."""
    return unicodedata.category(character)[0] not in "ZC"


def parse_day(text: str) -> date | None:
    """A date from strictly YYYY-MM-DD that has days before and after it, else None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def parse_id(text: str) -> int | None:
    """A positive id that fits a column, else None."""
    if not re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) or not 0 < int(text) <= LARGEST_ID:
        return None
    return int(text)
