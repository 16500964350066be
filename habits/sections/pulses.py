"""What rounds of the pulse published, just as it was shown: never a count that would show more."""

from sqlalchemy import select

from habits.db import db
from habits.documents import Fields, a_list, between, boolean, one_of
from habits.models.pulses import GROUP_LENGTH, Round
from habits.pulses import MOST_INVITED
from habits.records import instant
from habits.sections.before import aside_of
from habits.sections.shapes import Known, an_instant, at_most
from habits.trust import pulse
from habits.trust.pulse import Band, Item, Tally

KEY = "pulses"


def write(record) -> list[dict]:
    """Each published round, the oldest first, after those that an import brought."""
    return of(record.leader)


def of(leader) -> list[dict]:
    """What a leader has of them."""
    query = select(Round).where(Round.leader_id == leader.id, Round.tallies.is_not(None))
    rows = db.session.scalars(query.order_by(Round.opened_at, Round.id))
    return aside_of(leader, (KEY,))[KEY] + [found for row in rows if (found := _published(row))]


def read(value, path, known: Known) -> list[dict]:
    """Checked and carried along: a result cannot be made one of this Kept's own rounds."""
    return [_carried(item, f"{path}[{place}]") for place, item in enumerate(a_list(value, path))]


def restore(said: list[dict], target) -> None:
    """Keep it for the next export."""
    target.put_aside({KEY: said})


def _published(row: Round) -> dict | None:
    result = pulse.result(tuple(Tally(tuple(boxes)) for boxes in row.tallies), row.invited)
    if result is None:
        return None
    return {
        "group": row.group,
        "opened_at": instant(row.opened_at),
        "closed_at": instant(row.closes_at),
        "invited": row.invited,
        "partial": result.partial,
        "items": [_item(finding) for finding in result.findings],
    }


def _item(finding) -> dict:
    """The band; the share in percent only where the leader was shown it, too."""
    found = {"item": finding.item.value, "band": finding.band.value}
    if finding.share is None:
        return found
    share = finding.share
    return found | {
        name: round(100 * of_all)
        for name, of_all in (("share", share.mean), ("low", share.low), ("high", share.high))
    }


def _carried(value, path: str) -> dict:
    fields = Fields(value, path)
    fields.the("group", at_most(GROUP_LENGTH))
    for name in ("opened_at", "closed_at"):
        fields.the(name, an_instant)
    fields.the("invited", between(0, MOST_INVITED))
    fields.the("partial", boolean)
    fields.each("items", _carried_item)
    fields.no_more()
    return value


def _carried_item(value, path: str) -> None:
    fields = Fields(value, path)
    fields.the("item", one_of(Item))
    fields.the("band", one_of(Band))
    for name in ("share", "low", "high"):
        fields.maybe(name, between(0, 100))
    fields.no_more()
