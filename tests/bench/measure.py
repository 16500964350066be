"""Measures the floor and Kept in one run, in turns, each behind the server that Kept has."""

from contextlib import ExitStack
from pathlib import Path

from tests.bench.figures import Run, this_machine
from tests.bench.phone import look
from tests.bench.subjects import Floor, Kept, Subject

CROWD = 10_000  # leaders in one database
CROWD_DAYS = 90  # of the one who is measured
SELDOM = 8  # so many requests of Today come to one of Week and of Account


def measure(
    folder: Path,
    lengths: tuple[int, ...],
    requests: int,
    rounds: int,
    taken: str,
    crowd: int = 0,
    phone: bool = False,
) -> Run:
    """Run the floor and Kept with `lengths` days; of each figure the least of the rounds counts.

    `crowd` adds Kept with so many leaders, `phone` what a slow phone sees.
    """
    run = Run(this_machine(), taken)
    with ExitStack() as stack:
        subjects: dict[str, Subject] = {"floor": stack.enter_context(Floor(folder / "floor"))}
        for days in lengths:
            subjects[str(days)] = stack.enter_context(Kept(folder / str(days), days))
        if crowd:
            subjects["crowd"] = stack.enter_context(Kept(folder / "crowd", CROWD_DAYS, crowd))
        run.subjects = {name: subject.count() for name, subject in subjects.items()}
        for _ in range(rounds):
            for name, subject in subjects.items():
                _lower(run.subjects[name], subject.cpu(requests, max(1, requests // SELDOM)))
        for name, subject in subjects.items():
            run.subjects[name].memory = subject.served.memory()
        if phone:
            run.phone = look(subjects[str(lengths[0])])
    return run


def _lower(figures, measured: dict[str, float]) -> None:
    for name, value in measured.items():
        setattr(figures, name, min(getattr(figures, name), value))
