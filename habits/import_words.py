"""What there is to know about a file before it is imported, in the leader's words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from habits.documents import HistoryError, Words
from habits.importers.drafts import Remark, Said

SOURCES = {
    "kept-history": "Kept",
    "loop-csv": "Loop Habit Tracker",
    "loop-db": "Loop Habit Tracker",
    "beaverhabits": "beaverhabits",
    "habittrove": "HabitTrove",
    "table-habit": "Table Habit",
}


def remark(one: Remark) -> str:
    """One remark as a sentence."""
    if one.said in COUNTED:
        return COUNTED[one.said](int(one.value))
    return PLAIN[one.said](one)


def why(problem: HistoryError) -> str:
    """Why a file cannot be taken."""
    return str(_said(problem.words))


def _said(part: object) -> object:
    if not isinstance(part, Words):
        return part
    values = {name: _said(value) for name, value in part.values.items()}
    return _(part.text) % values


def _place(one: Remark) -> str:
    """Where in the file, as in “Habits.csv, line 6”."""
    if one.line is None:
        return one.where
    return _("%(file)s, line %(line)s", file=one.where, line=one.line)


PLAIN = {
    Said.LINE: lambda one: _("%(where)s: “%(value)s”", where=_place(one), value=one.value),
    Said.NAMELESS: lambda one: _("%(where)s has no name.", where=_place(one)),
    Said.NO_HABIT: lambda one: _(
        "%(where)s belongs to no habit in the file: left out.", where=_place(one)
    ),
    Said.NEWER: lambda one: _(
        "The backup is of a newer Loop (version %(value)s) than Kept knows: see whether the"
        " numbers are right.",
        value=one.value,
    ),
    Said.CADENCE: lambda one: _(
        "Kept has no “%(value)s”; the nearest is used instead.", value=one.value
    ),
    Said.CADENCE_UNKNOWN: lambda one: _(
        "How often it is due could not be read (“%(value)s”); every day is used instead.",
        value=one.value,
    ),
    Said.CUT: lambda one: _("The title was longer: “%(value)s”", value=one.value),
    Said.TASKS: lambda one: _("“%(value)s” is a task, not a habit: left out.", value=one.value),
    Said.DELETED: lambda one: _("“%(value)s” was deleted there: left out.", value=one.value),
    Said.USER: lambda one: _(
        "From one of the users in the file: number %(value)s of %(where)s.",
        value=one.value,
        where=one.where,
    ),
    Said.ZONE: lambda one: _(
        "The file does not say its time zone; its days are read in %(value)s.", value=one.value
    ),
    Said.STRAY: lambda one: _(
        "An answer on %(value)s is left out: nothing was promised on that day.", value=one.value
    ),
    Said.PASSED_OVER: lambda one: _(
        "“%(value)s” in the file has no place in Kept and is left out.", value=one.value
    ),
}
COUNTED = {
    Said.MORE: lambda n: ngettext(
        "And %(num)d more that was not understood.", "And %(num)d more that were not understood.", n
    ),
    Said.AHEAD: lambda n: ngettext(
        "%(num)d day lies ahead and is left out.", "%(num)d days lie ahead and are left out.", n
    ),
    Said.ANCIENT: lambda n: ngettext(
        "%(num)d day before 2000 is left out.", "%(num)d days before 2000 are left out.", n
    ),
    Said.CUT_NOTE: lambda n: ngettext(
        "%(num)d note is shortened.", "%(num)d notes are shortened.", n
    ),
    Said.ALONE: lambda n: ngettext(
        "%(num)d note on a day without a mark is left out.",
        "%(num)d notes on days without a mark are left out.",
        n,
    ),
    Said.TWICE: lambda n: ngettext(
        "%(num)d day had two marks; the later one stands.",
        "%(num)d days had two marks; the later ones stand.",
        n,
    ),
}
