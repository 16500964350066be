"""Measures the floor and Kept in one run, in turns, each behind the server that Kept has."""

from contextlib import ExitStack
from pathlib import Path

from tests.bench.figures import Run, this_machine
from tests.bench.subjects import Floor, Kept, Subject


def measure(folder: Path, lengths: tuple[int, ...], requests: int, rounds: int, taken: str) -> Run:
    """Run the floor and Kept with `lengths` days; of each figure the least of the rounds counts."""
    run = Run(this_machine(), taken)
    with ExitStack() as stack:
        subjects: dict[str, Subject] = {"floor": stack.enter_context(Floor(folder / "floor"))}
        for days in lengths:
            subjects[str(days)] = stack.enter_context(Kept(folder / str(days), days))
        run.subjects = {name: subject.count() for name, subject in subjects.items()}
        for _ in range(rounds):
            for name, subject in subjects.items():
                figures = run.subjects[name]
                figures.today_cpu = min(figures.today_cpu, subject.cpu_of_today(requests))
                figures.tap_cpu = min(figures.tap_cpu, subject.cpu_of_a_tap(requests))
    return run
