"""What a foreign file says, as a kept-history document with remarks: nothing is stored yet."""

import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from habits.archive import FORMAT, VERSION
from habits.documents import N_, HistoryError
from habits.likeness import digest
from habits.records import cadence as cadence_document
from habits.trust.history import Cadence, Reply

TITLE, INTENTION, NOTE = 120, 200, 10_000  # characters
MOST_COMMITMENTS = 2_000
MOST_RECORDS = 100_000
MOST_UNREAD = 20_000
MOST_REMARKS = 200  # each with its place; more are only counted
LONGEST = 200  # characters of what a remark shows
EARLIEST = date(2000, 1, 1)
EMPTY = N_("there are no habits in it")


class Said(StrEnum):
    """What there is to say about a file or one of its habits; habits.import_words has the words."""

    LINE = "line"  # a line that was not understood
    MORE = "more"  # so many more of them
    NAMELESS = "nameless"
    NO_HABIT = "no_habit"  # marks of a habit that the file does not have
    NEWER = "newer"  # a version of the tracker that was not known yet
    AHEAD = "ahead"  # so many days after today
    ANCIENT = "ancient"  # so many days before 2000
    CADENCE = "cadence"  # cannot be said here; the nearest was taken
    CADENCE_UNKNOWN = "cadence_unknown"
    CUT = "cut"  # a title that was too long
    CUT_NOTE = "cut_note"
    TASKS = "tasks"
    DELETED = "deleted"
    USER = "user"
    ZONE = "zone"  # the file does not say where its days begin
    TWICE = "twice"  # so many days had two marks
    ALONE = "alone"  # so many notes on days without a mark
    STRAY = "stray"  # so many answers on days on which nothing could be due
    PASSED_OVER = "passed_over"  # keys of the file that this Kept has no place for


@dataclass(frozen=True)
class Circumstances:
    """What a file cannot say itself: the leader's zone and date."""

    zone: str
    today: date


@dataclass(frozen=True)
class Remark:
    """One thing to know before importing: where it stands, and the value or count."""

    said: str
    where: str = ""
    value: str = ""
    line: int | None = None


@dataclass
class Draft:
    """A file, read: commitments and answers as the history file has them, and what to know."""

    source: str
    document: dict
    origins: dict[str, list[str]] = field(default_factory=dict)  # digests, the surest first
    remarks: list[Remark] = field(default_factory=list)
    of: dict[str, list[Remark]] = field(default_factory=dict)  # remarks by commitment
    others: list[str] = field(default_factory=list)  # commitments of other users of the tracker

    def stored(self) -> dict:
        """As JSON can keep it."""
        return asdict(self)

    @classmethod
    def of_stored(cls, stored: dict) -> "Draft":
        """The same again."""
        remarks = [Remark(**one) for one in stored["remarks"]]
        of = {key: [Remark(**one) for one in many] for key, many in stored["of"].items()}
        return cls(**(stored | {"remarks": remarks, "of": of}))


@dataclass
class Habit:
    """One habit of a foreign tracker, as it becomes a commitment."""

    title: str
    cadence: Cadence
    ids: tuple[str, ...]  # what names it in its tracker, the surest first
    intention: str = ""
    ended: bool = False
    is_others: bool = False
    days: dict[date, tuple[Reply, str]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    skipped: dict[Said, int] = field(default_factory=dict)

    def skip(self, said: Said) -> None:
        """Count one more day of which this is to be said."""
        self.skipped[said] = self.skipped.get(said, 0) + 1

    def say(self, said: Said, value: object = "", where: str = "") -> None:
        self.remarks.append(_remark(said, where, value))


class Sketch:
    """Gathers the habits of a file, within bounds."""

    def __init__(self, source: str, family: str, around: Circumstances):
        self.source, self.family, self.around = source, family, around
        self.habits: list[Habit] = []
        self.remarks: list[Remark] = []
        self._records = 0
        self._unread = 0

    def habit(self, title: str, ids=(), cadence: Cadence | None = None, **more) -> Habit | None:
        """A new habit; None for one without a name, which is remarked."""
        if len(self.habits) >= MOST_COMMITMENTS:
            raise HistoryError(N_("the file: more than %(count)s habits", count=MOST_COMMITMENTS))
        whole = clean(title[: 4 * TITLE])
        if not whole:
            return None
        more["intention"] = clean(more.get("intention", "")[: 4 * INTENTION])[:INTENTION]
        habit = Habit(whole[:TITLE], cadence or Cadence.daily(), (*ids, f"name:{whole}"), **more)
        if len(whole) > TITLE:
            habit.say(Said.CUT, whole)
        self.habits.append(habit)
        return habit

    def mark(self, habit: Habit, day: date, reply: Reply, note: str = "") -> None:
        """What the habit's day was; the last of two marks stands."""
        self._records += 1
        if self._records > MOST_RECORDS:
            raise too_many_records()
        if day > self.around.today:
            habit.skip(Said.AHEAD)
        elif day < EARLIEST:
            habit.skip(Said.ANCIENT)
        else:
            if day in habit.days:
                habit.skip(Said.TWICE)
            note = clean_note(note[: 2 * NOTE])
            if len(note) > NOTE:
                habit.skip(Said.CUT_NOTE)
            habit.days[day] = (reply, note[:NOTE])

    def not_understood(
        self, where: str, value: object = "", line: int | None = None, said: Said = Said.LINE
    ) -> None:
        """A line or item that says nothing Kept can read."""
        self._unread += 1
        if self._unread > MOST_UNREAD:
            raise HistoryError(
                N_("the file: more than %(count)s lines that Kept cannot read", count=MOST_UNREAD)
            )
        if self._unread <= MOST_REMARKS:
            self.remarks.append(_remark(said, where, value, line))

    def say(self, said: Said, value: object = "", where: str = "") -> None:
        self.remarks.append(_remark(said, where, value))

    def draft(self) -> Draft:
        """All of it. HistoryError if there is nothing."""
        if not self.habits:
            raise HistoryError(EMPTY)
        if self._unread > MOST_REMARKS:
            self.say(Said.MORE, self._unread - MOST_REMARKS)
        for habit in self.habits:
            for said, count in habit.skipped.items():
                habit.say(said, count)
        names = [f"c{place}" for place in range(len(self.habits))]
        named = dict(zip(names, self.habits, strict=True))
        return Draft(
            source=self.source,
            document={
                "format": FORMAT,
                "version": VERSION,
                "leader": {"week_start": 1},
                "commitments": [self._commitment(name, one) for name, one in named.items()],
                "answers": [
                    {"commitment": name, "date": day.isoformat(), "answer": reply.value}
                    | ({"note": note} if note else {})
                    for name, one in named.items()
                    for day, (reply, note) in sorted(one.days.items())
                ],
            },
            origins=dict(zip(names, self._origins(), strict=True)),
            remarks=self.remarks,
            of={name: one.remarks for name, one in named.items() if one.remarks},
            others=[name for name, one in named.items() if one.is_others],
        )

    def _commitment(self, name: str, one: Habit) -> dict:
        first = min(one.days, default=self.around.today)
        last = max(one.days, default=self.around.today)
        return {
            "id": name,
            "title": one.title,
            "pillar": "competency",
            "intention": one.intention,
            "cadence": cadence_document(one.cadence),
            "picked_on": first.isoformat(),
            "retired_on": last.isoformat() if one.ended else None,
        }

    def _origins(self) -> list[list[str]]:
        seen: dict[str, int] = {}
        found = []
        for one in self.habits:
            digests = []
            for each in one.ids:
                seen[each] = seen.get(each, 0) + 1
                digests.append(digest(self.family, each, seen[each]))
            found.append(digests)
        return found


def _remark(said: Said, where: str, value: object, line: int | None = None) -> Remark:
    return Remark(said, clean(where)[:LONGEST], clean(str(value)[: 2 * LONGEST])[:LONGEST], line)


def too_many_records() -> HistoryError:
    return HistoryError(N_("the file: more than %(count)s records", count=MOST_RECORDS))


def clean(text: str) -> str:
    """One line of text as it can be stored: no controls, no halves of pairs, single spaces."""
    return " ".join(clean_note(text).split())


def clean_note(text: str) -> str:
    """The same for a note, which may have several lines."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()
