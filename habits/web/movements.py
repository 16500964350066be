"""A line of the passbook in words: what happened, by how much it moved the account, and why."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import format_percent, get_locale, ngettext
from flask_babel import gettext as _

from habits.date_words import weekday
from habits.days import in_window
from habits.movements import Movement, is_spared
from habits.trust.account import Entry, EntryKind
from habits.trust.history import Nature
from habits.web import words
from habits.web.formats import change, figure


@dataclass(frozen=True)
class Line:
    """What templates/account/_line.html takes; `kind` is deposit, withdrawal or none."""

    label: str
    shown: str
    kind: str
    details: tuple[str, ...]
    note: str | None = None
    url: str | None = None  # where more can be said of it, while its day is open to change


def week_line(move: Movement, today: date) -> Line:
    """The line as the week tells it, with its weekday."""
    when = (weekday(move.on),) if move.on else ()
    details = (*when, *_said(move)) if move.kind is not EntryKind.KEPT else ()
    return _line(move, _label(move), details, today)


def ledger_line(move: Movement, today: date) -> Line:
    """The line as the account's ledger tells it, with its reason."""
    said = _said(move) if move.kind is not EntryKind.KEPT else _promises(move)
    return _line(move, _label(move), (*said, *_why(move.entry)), today)


def _line(move: Movement, label: str, details, today: date) -> Line:
    kind = "deposit" if move.change > 0 else "withdrawal" if move.change < 0 else ""
    return Line(label, change(move.shown), kind, details, move.note, _way(move, today))


def _way(move: Movement, today: date) -> str | None:
    if move.kind is EntryKind.KEPT or not move.on or not in_window(move.on, today):
        return None
    if move.kind is EntryKind.LAPSE:
        return None
    if move.commitment_id is None:
        return url_for("days.show", day=move.on.isoformat())
    return url_for("days.promise", day=move.on.isoformat(), commitment_id=move.commitment_id)


def _label(move: Movement) -> str:
    if move.kind is EntryKind.KEPT:
        return ngettext("%(num)d promise kept", "%(num)d promises kept", move.count)
    if move.count > 1:
        return ngettext("%(num)d promise left silent", "%(num)d promises left silent", move.count)
    return move.title or _("Outside a promise")


def _promises(move: Movement) -> tuple[str, ...]:
    """Which pillar, what was mended, and whether one of them was answered late."""
    mended = (_("repair done: “%(title)s”", title=title) for title in move.mended)
    late = (_("answered late"),) if move.late else ()
    return (words.pillar(move.entry.pillar), *mended, *late)


def _said(move: Movement) -> tuple[str, ...]:
    """What the leader said of a withdrawal."""
    return (
        *_nature(move),
        *((_("told later"),) if move.told_later and not move.told else ()),
        *((_("answered late"),) if move.late else ()),
        *((_("corrected"),) if move.corrected else ()),
    )


def _nature(move: Movement) -> tuple[str, ...]:
    if move.kind is EntryKind.SILENT:
        return (_("left silent"),) if move.count == 1 else ()
    if move.nature is Nature.MISTAKE and move.told_later and not move.told:
        return (_("a mistake"),)
    return (words.nature(move.nature or Nature.MISTAKE, move.told),)


def _why(entry: Entry) -> tuple[str, ...]:
    if entry.kind is EntryKind.KEPT:
        return _why_gained(entry)
    if is_spared(entry):
        return (_("part of an absence that was charged once"),)
    return _why_lost(entry)


def _why_gained(entry: Entry) -> tuple[str, ...]:
    of = _("%(share)s of the gap to %(top)s", share=_percent(entry.share), top=_top(entry))
    streak = ngettext("%(num)d good day in a row", "%(num)d good days in a row", entry.streak_after)
    if entry.kept == entry.counted:
        return of, streak
    part = _("%(kept)d of %(counted)d kept", kept=entry.kept, counted=entry.counted)
    return of, part, streak


def _why_lost(entry: Entry) -> tuple[str, ...]:
    of = _(
        "%(share)s of %(pillar)s", share=_percent(entry.share), pillar=words.pillar(entry.pillar)
    )
    scar = _("a scar of %(points)s", points=figure(entry.scar)) if entry.scar else None
    ended = (
        ngettext(
            "a streak of %(num)d day ended", "a streak of %(num)d days ended", entry.streak_before
        )
        if entry.reset
        else None
    )
    return tuple(part for part in (of, scar, ended) if part)


def _percent(share: float) -> str:
    pattern = get_locale().percent_formats[None].pattern.replace("#,##0", "0.0")
    return format_percent(share, pattern)


def _top(entry: Entry) -> str:
    return figure(entry.ceiling) if entry.ceiling % 1 else str(int(entry.ceiling))
