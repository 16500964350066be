"""How often something is promised: the fields that ask it, and the words that say it."""

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

from habits.date_words import day as long_day
from habits.joiners import listed
from habits.trust.history import Cadence, CadenceKind
from habits.web.forms import Day, Form, Number, Word

WORKWEEK = ["1", "2", "3", "4", "5"]
DEFAULTS = {"kind": CadenceKind.WEEKDAYS, "days": WORKWEEK, "times": "3"}


class Weekdays(Field):
    """ISO weekdays as several values or one with commas; `.days` are the numbers."""

    def __init__(self, label="", **kwargs):
        super().__init__(label, **kwargs)
        self.days: list[int] = []

    def process_formdata(self, valuelist):
        self.data = [part for given in valuelist for part in given.split(",") if part]

    def pre_validate(self, form):
        if not set(self.data or ()) <= set("1234567"):
            raise ValidationError(_l("Choose among the weekdays shown."))
        self.days = sorted({int(part) for part in self.data or ()})


class CadenceForm(Form):
    """The fields of a cadence; only those of the chosen kind are looked at."""

    kind = Word(CadenceKind, _l("How often?"), required=_l("Say how often."))
    days = Weekdays(_l("On which days?"))
    times = Number(_l("How many times a week?"), least=1, most=6)
    on = Day(_l("On which date?"))

    def validate_days(self, field):
        if self.kind.data == CadenceKind.WEEKDAYS and not field.days and not field.errors:
            raise ValidationError(_l("Choose at least one weekday."))

    def validate_times(self, field):
        if self.kind.data == CadenceKind.PER_WEEK and not field.number and not field.errors:
            raise ValidationError(_l("Say how many times, from 1 to 6."))

    def validate_on(self, field):
        if self.kind.data == CadenceKind.ONCE and not field.day and not field.errors:
            raise ValidationError(_l("Say on which date."))

    def cadence(self) -> Cadence:
        """The cadence of a valid form."""
        if self.kind.word is CadenceKind.WEEKDAYS:
            return Cadence.weekdays(self.days.days)
        if self.kind.word is CadenceKind.PER_WEEK:
            return Cadence.per_week(self.times.number)
        if self.kind.word is CadenceKind.ONCE:
            return Cadence.once(self.on.day)
        return Cadence.daily()


def fields_of(cadence: Cadence) -> dict:
    """What the fields show for a cadence."""
    return {
        "kind": cadence.kind.value,
        "days": [str(day) for day in sorted(cadence.days)] or WORKWEEK,
        "times": str(cadence.times or DEFAULTS["times"]),
        "on": cadence.date.isoformat() if cadence.date else "",
    }


def kinds() -> list[tuple[CadenceKind, str]]:
    """The kinds by name."""
    return [
        (CadenceKind.DAILY, _("Every day")),
        (CadenceKind.WEEKDAYS, _("On weekdays I choose")),
        (CadenceKind.PER_WEEK, _("A few times a week, whenever it suits")),
        (CadenceKind.ONCE, _("Once, on a date")),
    ]


def weekdays(week_start: int) -> list[tuple[int, str, str]]:
    """The ISO weekdays from the leader's first on: number, short and long name."""
    short, long = _names("abbreviated"), _names("wide")
    order = [(week_start - 1 + n) % 7 + 1 for n in range(7)]
    return [(day, short[day - 1], long[day - 1]) for day in order]


def in_words(cadence: Cadence) -> str:
    """Such as: every day, Monday to Friday, 3 times a week, on Monday 23 November."""
    if cadence.kind is CadenceKind.WEEKDAYS:
        return _weekdays_in_words(sorted(cadence.days))
    if cadence.kind is CadenceKind.PER_WEEK:
        return ngettext("once a week", "%(num)s times a week", cadence.times)
    if cadence.kind is CadenceKind.ONCE:
        return _("on %(day)s", day=long_day(cadence.date))
    return _("every day")


def _weekdays_in_words(days: list[int]) -> str:
    if len(days) == 7:
        return _("every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        long = _names("wide")
        return _("%(first)s to %(last)s", first=long[days[0] - 1], last=long[days[-1] - 1])
    names = _names("wide" if len(days) == 1 else "abbreviated")
    return listed(names[day - 1] for day in days)


def _names(width: str) -> list[str]:
    names = get_locale().days["stand-alone"][width]
    return [names[day] for day in range(7)]
