"""What is measured, as it is kept in a file and compared with another run."""

import json
import platform
from dataclasses import asdict, dataclass, field


@dataclass
class Figures:
    """What one subject costs: CPU in milliseconds a request, statements a request, bytes."""

    today_cpu: float = float("inf")
    tap_cpu: float = float("inf")
    today_statements: int = 1
    tap_statements: int = 1
    first_bytes: int = 0  # Today's HTML and the sheet, compressed, headers included
    tap_bytes: int = 0  # up and down, headers included


@dataclass
class Run:
    """All figures of one run, by subject: "floor", then each number of days."""

    machine: str
    taken: str
    subjects: dict[str, Figures] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Run":
        found = json.loads(text)
        subjects = {name: Figures(**figures) for name, figures in found.pop("subjects").items()}
        return cls(**found, subjects=subjects)

    def ratio(self, subject: str, name: str) -> float:
        """How many times the floor a subject costs."""
        return getattr(self.subjects[subject], name) / getattr(self.subjects["floor"], name)


def this_machine() -> str:
    """This machine and interpreter: figures of another one are no yardstick."""
    return f"{platform.node()} {platform.machine()} Python {platform.python_version()}"
