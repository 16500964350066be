"""Promises that mend something: a broken promise or a lapse."""

from habits.documents import N_, Fields, HistoryError, a_date, a_list
from habits.records import day
from habits.sections.shapes import Known

KEY = "repairs"


def write(record) -> list[dict]:
    """Each repair with what it mends."""
    found = []
    for row in record.commitments:
        mended = {"commitment": record.names[row.id]}
        if row.repairs_id in record.names:
            broken = {"broken": record.names[row.repairs_id], "date": day(row.repairs_date)}
            found.append(mended | broken)
        elif row.repairs_lapse_id in record.lapse_places:
            found.append(mended | {"lapse": record.lapse_places[row.repairs_lapse_id]})
    return found


def read(value, path, known: Known) -> list[dict]:
    """Each repair; it mends either a broken promise or a lapse."""
    return [_one(item, f"{path}[{place}]", known) for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Say of the repairs that are new here what they mend."""
    for repair in said:
        if repair["commitment"] not in target.fresh:
            continue
        row = target.commitments[repair["commitment"]]
        if (broken := target.commitments.get(repair["broken"])) is not None:
            row.repairs_id, row.repairs_date = broken.id, repair["date"]
        elif (lapse := target.lapse(repair["lapse"])) is not None:
            row.repairs_lapse_id = lapse.id


def _one(value, path: str, known: Known) -> dict:
    fields = Fields(value, path)
    found = {
        "commitment": fields.the("commitment", known.commitment),
        "broken": fields.maybe("broken", known.commitment),
        "date": fields.maybe("date", a_date),
        "lapse": fields.maybe("lapse", known.lapse),
    }
    fields.no_more()
    if (found["broken"] is None) == (found["lapse"] is None):
        raise HistoryError(N_("%(where)s: expected either a broken promise or a lapse", where=path))
    if (found["broken"] is None) != (found["date"] is None):
        raise HistoryError(
            N_(
                "%(where)s: stands with a broken promise, and only there",
                where=f"{path}.date",
            )
        )
    return found
