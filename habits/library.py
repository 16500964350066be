"""The starter library: forty commitments by theme and pillar, and three packs of three."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask_babel import gettext

from habits.problems import Unknown
from habits.trust.history import Cadence, CadenceKind, Pillar

FILE = Path(__file__).with_name("starter-commitments.json")
SAID = ("theme", "title", "intention", "why", "ask")


@dataclass(frozen=True, slots=True)
class Starter:
    """A commitment to pick; its words are in the leader's language when they are read.

    `cadence` is None where it is offered only as a repair.
    """

    id: int
    pillar: Pillar
    cadence: Cadence | None
    occasion: bool
    english: dict[str, str] = field(hash=False)

    @property
    def theme(self) -> str:
        return self._said("theme")

    @property
    def title(self) -> str:
        return self._said("title")

    @property
    def intention(self) -> str:
        return self._said("intention")

    @property
    def why(self) -> str:
        return self._said("why")

    @property
    def ask(self) -> str:
        """The question for a person whom it concerns."""
        return self._said("ask")

    def _said(self, name: str) -> str:
        return gettext(self.english[name])


@dataclass(frozen=True, slots=True)
class Pack:
    """Starters that go together."""

    english: str
    starters: tuple[Starter, ...]

    @property
    def name(self) -> str:
        return gettext(self.english)


@dataclass(frozen=True, slots=True)
class Theme:
    """The starters of one theme that are of one pillar."""

    name: str
    starters: tuple[Starter, ...]


def starters() -> tuple[Starter, ...]:
    """The starters that can be picked as standing commitments."""
    return tuple(starter for starter in _all().values() if starter.cadence)


def repairs() -> tuple[Starter, ...]:
    """The starters that are offered when something was broken."""
    return tuple(starter for starter in _all().values() if not starter.cadence)


def find(starter_id: int) -> Starter:
    """A starter by its id. Raises Unknown."""
    found = _all().get(starter_id)
    if found is None:
        raise Unknown(starter_id)
    return found


def themes(pillar: Pillar) -> tuple[Theme, ...]:
    """The themes of a pillar with their starters, in the library's order."""
    grouped: dict[str, list[Starter]] = {}
    for starter in starters():
        if starter.pillar is pillar:
            grouped.setdefault(starter.english["theme"], []).append(starter)
    return tuple(Theme(found[0].theme, tuple(found)) for found in grouped.values())


@cache
def packs() -> tuple[Pack, ...]:
    """The packs, the one for a start first."""
    return tuple(
        Pack(pack["name"], tuple(find(starter_id) for starter_id in pack["commitments"]))
        for pack in _document()["packs"]
    )


def texts() -> Iterator[str]:
    """Every text to be translated, once."""
    said = [starter.english[name] for starter in _all().values() for name in SAID]
    yield from dict.fromkeys([*said, *(pack.english for pack in packs())])


def extract(_file, _keywords, _comment_tags, options):
    """Babel's extractor for the library's file."""
    return ((1, "gettext", text, []) for text in texts())


@cache
def _all() -> dict[int, Starter]:
    return {row["id"]: _starter(row) for row in _document()["commitments"]}


@cache
def _document() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def _starter(row: dict) -> Starter:
    return Starter(
        id=row["id"],
        pillar=Pillar(row["pillar"]),
        cadence=_cadence(row["cadence"]),
        occasion=row["occasion"],
        english={name: row[name] for name in SAID},
    )


def _cadence(given: dict | None) -> Cadence | None:
    if given is None:
        return None
    return Cadence(
        CadenceKind(given["kind"]),
        days=frozenset(given.get("days", ())),
        times=given.get("times"),
    )
