"""Where a file is written in: rows for what is not there yet, noted so that an undo finds them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from habits import days, people
from habits.db import db
from habits.models.answers import Answer, Lapse, Telling
from habits.models.commitments import Commitment, TimeOff
from habits.models.imports import Origin, PastAnswer
from habits.models.leaders import Person
from habits.models.people import Question
from habits.models.weeks import WeekNote
from habits.trust import history as trust
from habits.trust.history import Nature, Reply

BATCH = 2_000  # rows a statement
GAP = "gap-"  # in the key of an answer that nobody gave: the file had no mark
GAPS = f"import-%-{GAP}%"
BY_ID = (
    Question,
    Telling,
    Commitment,
    Lapse,
    TimeOff,
    Person,
)  # what an undo deletes, in this order


@dataclass
class Target:
    """The leader's account while one import is written into it."""

    leader: object
    import_id: int
    today: date
    now: datetime
    answered: frozenset[tuple[int, date]]  # what had an answer before
    counts: bool  # whether its history moves the account
    takes_settings: bool
    aside_before: dict[str, list] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)  # by the file's ids
    fresh: set[str] = field(default_factory=set)  # those that are new here
    lapses: list[Lapse | None] = field(default_factory=list)  # by their place in the file
    made: list = field(default_factory=list)
    aside: dict[str, list] = field(default_factory=dict)
    old_settings: dict | None = None  # where they were taken over
    _answers: list[dict] = field(default_factory=list)
    _past: dict[tuple[int, date], dict] = field(default_factory=dict)
    _people: dict[str, Person] | None = None
    _origins: set[str] = field(default_factory=set)

    def add(self, row) -> None:
        """A new row of the leader's, which an undo takes away."""
        row.leader_id = self.leader.id
        db.session.add(row)
        self.made.append(row)

    def person(self, name: str | None) -> Person | None:
        """The leader's person of this name, made if there is none."""
        if not name or not name.strip():
            return None
        if self._people is None:
            self._people = people.by_name(self.leader)
        known = len(self._people)
        row = people.find_or_add_to(self._people, self.leader, name, self.now)
        if len(self._people) > known:
            self.made.append(row)
        return row

    def lapse(self, place: int | None) -> Lapse | None:
        """The lapse at this place of the file; None where it does not count here."""
        return None if place is None else self.lapses[place]

    def say(self, commitment_id: int, day: date, reply, note=None, at=None, **broken) -> None:
        """An answer that counts, given at noon of its day where the file does not say when."""
        given = at or self.noon(day)
        key = f"{key_start(self.import_id)}{len(self._answers)}"
        self._append(commitment_id, day, reply, note, key, given, **broken)

    def release(self, commitment_id: int, day: date) -> None:
        """Nothing was said of it; what another file says of it comes after this."""
        key = f"{key_start(self.import_id)}{GAP}{len(self._answers)}"
        given = self.noon(day) - timedelta(hours=12)
        self._append(commitment_id, day, Reply.RELEASED, None, key, given)

    def _append(self, commitment_id, day, reply, note, key, given, **broken) -> None:
        self._answers.append(
            {
                "leader_id": self.leader.id,
                "commitment_id": commitment_id,
                "date": day,
                "reply": reply,
                "nature": broken.get("nature"),
                "told": bool(broken.get("told")),
                "note": note or None,
                "key": key,
                "answered_at": min(given, self.now),
                "recorded_at": self.now,
            }
        )

    def say_earlier(self, commitment: str, date: date, reply, note, answered_at, **broken) -> None:
        """An answer that was changed later, of a promise that had no answer here before.

        Where history does not count, the later one does not stand after it: it would count itself.
        """
        row = self.commitments.get(commitment)
        if self.counts and row is not None and (row.id, date) not in self.answered:
            self.say(row.id, date, reply, note, answered_at, **broken)

    def keep_past(
        self, commitment: str, date: date, reply: Reply, nature: Nature | None, told: bool, note
    ) -> None:
        """An answer that is shown and does not count, where there is none for that day."""
        row = self.commitments.get(commitment)
        if row is not None and (row.id, date) not in self.answered:
            self._past[row.id, date] = {
                "leader_id": self.leader.id,
                "commitment_id": row.id,
                "date": date,
                "reply": reply,
                "nature": nature,
                "told": told,
                "note": note or None,
                "import_id": self.import_id,
            }

    def name_origin(self, commitment: str, origin: str) -> None:
        """Note what a commitment is called where it came from."""
        row = self.commitments.get(commitment)
        if row is None or origin in self._origins:
            return
        self._origins.add(origin)
        if db.session.get(Origin, (self.leader.id, origin)) is None:
            db.session.add(Origin(leader_id=self.leader.id, origin=origin, commitment_id=row.id))

    def put_aside(self, items: dict[str, list]) -> None:
        """Keep what cannot be shown here, so that an export has it."""
        for key, some in items.items():
            new = [one for one in some if one not in self.aside_before.get(key, ())]
            if new:
                self.aside.setdefault(key, []).extend(new)

    def said(self) -> list[trust.Answer]:
        """What counts of the answers so far, on the days that are not taken back."""
        last = {(one["commitment_id"], one["date"]): one for one in self._answers}
        return [
            trust.Answer(*promise, one["reply"], one["nature"], one["told"])
            for promise, one in last.items()
            if one["reply"] is not None
        ]

    def noted(self) -> dict:
        """What an undo needs, as JSON can keep it."""
        found: dict = {model.__tablename__: [] for model in (*BY_ID, WeekNote)}
        for row in self.made:
            key = row.first.isoformat() if isinstance(row, WeekNote) else row.id
            found[row.__tablename__].append(key)
        return found | {"settings": self.old_settings}

    def noon(self, day: date) -> datetime:
        """Noon of the leader's day."""
        return datetime.combine(day, time(12), days.zone(self.leader.timezone))

    def flush(self) -> None:
        """Send everything to the database; of a promise's answers the one that counts last."""
        db.session.flush()
        self._answers.sort(key=lambda one: one["answered_at"])
        for model, rows in ((Answer, self._answers), (PastAnswer, list(self._past.values()))):
            for start in range(0, len(rows), BATCH):
                db.session.execute(db.insert(model), rows[start : start + BATCH])


def key_start(import_id: int) -> str:
    """How the keys of an import's answers begin."""
    return f"import-{import_id}-"
