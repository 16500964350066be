"""The table of a run, the bar it is held to, the runs before it, and what became dearer since."""

from pathlib import Path

from tests.bench.figures import UNTRIED, Run

RESULTS = Path(__file__).parent / "results"
TOLERATED = 1.15
# Compared as ratios to the floor: times alone mean nothing on a shared machine.
CPU = ("today_cpu", "tap_cpu", "week_cpu", "chart_cpu", "refold_cpu")
COUNTS = (
    "today_statements",
    "tap_statements",
    "page_bytes",
    "first_bytes",
    "first_requests",
    "tap_bytes",
)
COLUMNS = {
    "Today ms": lambda run, name, f: f"{f.today_cpu:.2f}",
    "× floor": lambda run, name, f: f"{run.ratio(name, 'today_cpu'):.1f}",
    "tap ms": lambda run, name, f: f"{f.tap_cpu:.2f}",
    "× write": lambda run, name, f: f"{run.ratio(name, 'tap_cpu'):.1f}",
    "Week ms": lambda run, name, f: _said(f.week_cpu),
    "chart ms": lambda run, name, f: _said(f.chart_cpu),
    "refold ms": lambda run, name, f: _said(f.refold_cpu, 0),
    "statements": lambda run, name, f: f"{f.today_statements} + {f.tap_statements}",
    "HTML+CSS": lambda run, name, f: f"{f.page_bytes}",
    "tap bytes": lambda run, name, f: f"{f.tap_bytes}",
    "PSS MiB": lambda run, name, f: f"{f.memory:.0f}",
    "start s": lambda run, name, f: f"{f.start:.2f}",
}


def table(run: Run) -> str:
    """The run in aligned columns; CPU in milliseconds a request, statements of Today and a tap."""
    lines = [" " * 10 + "".join(f"{name:>11}" for name in COLUMNS)]
    for name, found in run.subjects.items():
        label = f"{name} days" if name.isdigit() else name
        cells = (column(run, name, found) for column in COLUMNS.values())
        lines.append(f"{label:>10}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def bars(run: Run) -> str:
    """Each bar with what this run came to, a line each."""
    lines = []
    for name, found, most in [*_per_request(run), *_growth(run), *_phone(run)]:
        verdict = "" if found <= most else "  over"
        lines.append(f"{name:<44}{found:>10.6g} of at most {most:g}{verdict}")
    return "\n".join(lines)


def _per_request(run: Run) -> list[tuple[str, float, float]]:
    name = next(each for each in run.subjects if each != "floor")
    kept = run.subjects[name]
    return [
        ("first load, bytes that the page names", kept.first_bytes, 40_000),
        ("first load, HTML and CSS, bytes", kept.page_bytes, 14_000),
        ("first load, requests that the page names", kept.first_requests, 8),
        ("a tap, bytes up and down", kept.tap_bytes, 3_000),
        ("Today, ms", kept.today_cpu, 3.0),
        ("Today, × the floor", run.ratio(name, "today_cpu"), 6.0),
        ("a tap, ms", kept.tap_cpu, 3.5),
        ("a tap, × the floor's durable write", run.ratio(name, "tap_cpu"), 5.0),
        ("memory of all processes, MiB", kept.memory, 120),
        ("start to the first answer, s", kept.start, 1.0),
        ("statements of Today", kept.today_statements, 6),
        ("statements of a tap", kept.tap_statements, 8),
    ]


def _growth(run: Run) -> list[tuple[str, float, float]]:
    """Ten years and ten thousand leaders beside the shortest record."""
    first, *others = [name for name in run.subjects if name != "floor"]
    found = []
    for name in others:
        grown, young = run.subjects[name], run.subjects[first]
        label = "a crowd" if name == "crowd" else f"{name} days"
        for cost in ("today_cpu", "tap_cpu", "week_cpu"):
            times = getattr(grown, cost) / getattr(young, cost)
            found.append((f"{label}: {cost.partition('_')[0]} × {first} days'", times, 1.1))
        if name != "crowd":
            found.append((f"{label}: the longest chart, ms", grown.chart_cpu, 30))
            found.append((f"{label}: fold anew and store, ms", grown.refold_cpu, 1000))
    return found


def _phone(run: Run) -> list[tuple[str, float, float]]:
    seen = run.phone
    if seen is None:
        return []
    return [
        ("phone: requests until nothing is under way", seen.requests, 8),
        ("phone: bytes of them", seen.bytes, 40_000),
        ("phone: largest paint, ms", seen.lcp, 1000),
        ("phone: blocking, ms", seen.blocking, 0),
        ("phone: tap to visible, ms", seen.tap, 100),
    ]


def newest(machine: str, folder: Path = RESULTS) -> Run | None:
    """The last run that was stored on this machine and measured the same."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            run = Run.from_json(path.read_text())
        except TypeError:  # of a version that measured something else
            continue
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
            was, now = before.ratio(subject, name), after.ratio(subject, name)
            if UNTRIED not in (was, now):
                found += _compare(subject, name, was, now)
        for name in COUNTS:
            was, now = (getattr(run.subjects[subject], name) for run in (before, after))
            found += _compare(subject, name, was, now)
    return found


def _compare(subject: str, name: str, was: float, now: float) -> list[str]:
    if now <= was * TOLERATED:
        return []
    unit = " × floor" if name in CPU else ""
    label = f"{subject} days" if subject.isdigit() else subject
    return [f"{label}: {name} was {was:.4g}{unit}, is {now:.4g}{unit}"]


def _said(value: float, digits: int = 2) -> str:
    return "" if value == UNTRIED else f"{value:.{digits}f}"
