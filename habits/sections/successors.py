"""Commitments that continue another one, so that both are shown as one."""

from habits.documents import N_, Fields, HistoryError, a_list
from habits.sections.shapes import Known

KEY = "successors"


def write(record) -> list[dict]:
    """Each with the commitment it continues."""
    names = record.names
    return [
        {"commitment": names[row.id], "continues": names[row.continues_id]}
        for row in record.commitments
        if row.continues_id in names
    ]


def read(value, path, known: Known) -> dict[str, str]:
    """What each continues; refused where two continue one, or in a circle."""
    found = {}
    for place, item in enumerate(a_list(value, path)):
        fields = Fields(item, f"{path}[{place}]")
        one = fields.the("commitment", known.commitment)
        found[one] = fields.the("continues", known.commitment)
        fields.no_more()
    if len(set(found.values())) != len(found) or any(_returns(found, one) for one in found):
        raise HistoryError(
            N_(
                "%(where)s: a commitment can continue only one other, and not itself",
                where=path,
            )
        )
    return found


def restore(said: dict[str, str], target) -> None:
    """Link the commitments that are new here."""
    for one, continued in said.items():
        if one in target.fresh and continued in target.fresh:
            target.commitments[one].continues_id = target.commitments[continued].id


def _returns(found: dict[str, str], one: str) -> bool:
    step, seen = found[one], {one}
    while step in found and step not in seen:
        seen.add(step)
        step = found[step]
    return step in seen
