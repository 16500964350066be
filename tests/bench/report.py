"""The table of a run, the runs before it, and what became dearer since."""

from pathlib import Path

from tests.bench.figures import Run

RESULTS = Path(__file__).parent / "results"
TOLERATED = 1.15
CPU = ("today_cpu", "tap_cpu")  # compared as ratios to the floor: times alone mean nothing
COUNTS = ("today_statements", "tap_statements", "first_bytes", "tap_bytes")
HEADING = f"{'':>10}" + "".join(
    f"{name:>16}"
    for name in ("Today ms", "× floor", "tap ms", "× floor", "statements", "HTML+CSS", "tap bytes")
)


def table(run: Run) -> str:
    """The run in aligned columns; CPU in milliseconds a request, statements of Today and a tap."""
    lines = [HEADING]
    for name, found in run.subjects.items():
        cells = (
            f"{found.today_cpu:.2f}",
            f"{run.ratio(name, 'today_cpu'):.1f}",
            f"{found.tap_cpu:.2f}",
            f"{run.ratio(name, 'tap_cpu'):.1f}",
            f"{found.today_statements} + {found.tap_statements}",
            f"{found.first_bytes}",
            f"{found.tap_bytes}",
        )
        label = name if name == "floor" else f"{name} days"
        lines.append(f"{label:>10}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def newest(machine: str, folder: Path = RESULTS) -> Run | None:
    """The last run that was stored on this machine."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        run = Run.from_json(path.read_text())
        if run.machine == machine:
            return run
    return None


def store(run: Run, folder: Path = RESULTS) -> Path:
    """Keep a run for those after it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{run.taken}.json"
    path.write_text(run.as_json())
    return path


def dearer(before: Run, after: Run) -> list[str]:
    """What costs over 15 % more than before, a line each."""
    found = []
    for subject in after.subjects:
        if subject == "floor" or subject not in before.subjects:
            continue
        for name in CPU:
            found += _compare(
                subject, name, before.ratio(subject, name), after.ratio(subject, name)
            )
        for name in COUNTS:
            was, now = (getattr(run.subjects[subject], name) for run in (before, after))
            found += _compare(subject, name, was, now)
    return found


def _compare(subject: str, name: str, was: float, now: float) -> list[str]:
    if now <= was * TOLERATED:
        return []
    unit = " × floor" if name in CPU else ""
    return [f"{subject} days: {name} was {was:.4g}{unit}, is {now:.4g}{unit}"]
