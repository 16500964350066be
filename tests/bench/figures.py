"""What is measured, as it is kept in a file and compared with another run."""

import json
import platform
from dataclasses import asdict, dataclass, field, fields

UNTRIED = float("inf")


@dataclass
class Figures:
    """What one subject costs: CPU in milliseconds a request, statements a request, bytes."""

    today_cpu: float = UNTRIED
    tap_cpu: float = UNTRIED
    week_cpu: float = UNTRIED
    chart_cpu: float = UNTRIED  # the page of the account with its longest chart
    refold_cpu: float = UNTRIED  # milliseconds of folding and storing the whole record
    today_statements: int = 1
    tap_statements: int = 1
    page_bytes: int = 0  # Today's HTML and the sheet, compressed, headers included
    first_bytes: int = 0  # all that the page names, headers included
    first_requests: int = 0
    tap_bytes: int = 0  # up and down, headers included
    memory: float = 0.0  # MiB of all its processes, shared ones shared out (PSS), after the load
    start: float = 0.0  # seconds from the command to the first answer


@dataclass
class Phone:
    """What a slow phone sees of a first load and a tap (4× slower CPU, slow 4G)."""

    requests: int  # of the page, until nothing is under way
    bytes: int  # over the wire
    lcp: float  # ms
    blocking: float  # ms beyond 50 of each long task
    tap: float  # ms from the tap to the changed row on the screen


@dataclass
class Run:
    """All figures of one run, by subject: "floor", each number of days, and "crowd"."""

    machine: str
    taken: str
    subjects: dict[str, Figures] = field(default_factory=dict)
    phone: Phone | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Run":
        """Raises TypeError for a run that measured other things."""
        found = json.loads(text)
        for figures in found["subjects"].values():
            if set(figures) != {each.name for each in fields(Figures)}:
                raise TypeError("a run of another version")
        subjects = {name: Figures(**figures) for name, figures in found.pop("subjects").items()}
        phone = found.pop("phone", None)
        return cls(**found, subjects=subjects, phone=Phone(**phone) if phone else None)

    def ratio(self, subject: str, name: str) -> float:
        """How many times the floor a subject costs; what the floor has not is held to its read."""
        floor = getattr(self.subjects["floor"], name)
        if floor == UNTRIED:
            floor = self.subjects["floor"].today_cpu
        return getattr(self.subjects[subject], name) / floor


def this_machine() -> str:
    """This machine and interpreter: figures of another one are no yardstick."""
    return f"{platform.node()} {platform.machine()} Python {platform.python_version()}"
