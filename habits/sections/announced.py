"""Commitments of which their person was told."""

from habits.documents import Fields, a_date, a_list
from habits.records import day
from habits.sections.shapes import Known

KEY = "announced"


def write(record) -> list[dict]:
    """Each with the day on which it was told."""
    return [
        {"commitment": record.names[row.id], "on": day(row.announced_on)}
        for row in record.commitments
        if row.announced_on is not None
    ]


def read(value, path, known: Known) -> list[dict]:
    """Each of the file's commitments that was told."""
    return [_one(item, f"{path}[{place}]", known) for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Say so of the commitments that are new here."""
    for one in said:
        if one["commitment"] in target.fresh:
            target.commitments[one["commitment"]].announced_on = one["on"]


def _one(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "on": fields.the("on", a_date),
    }
    fields.no_more()
    return found
