"""When the leader wants to be asked what, and how much a locked screen may show."""

from habits import reminders
from habits.documents import Fields, between, boolean, one_of, wrong
from habits.models.reminders import Kind
from habits.reminders import ASKED, Wish
from habits.sections.shapes import Known, a_clock

KEY = "reminders"


def write(record) -> dict:
    """The three questions as they were set; nothing where no device was ever turned on."""
    rows = reminders.stored(record.leader)
    if not rows:
        return {}
    return {
        "titles": record.leader.reminder_titles,
        "asked": [_asked(record.leader, rows[kind]) for kind in ASKED if kind in rows],
    }


def read(value, path, known: Known) -> dict:
    """The same, checked."""
    fields = Fields(value, path)
    found = {
        "titles": bool(fields.maybe("titles", boolean)),
        "asked": fields.each("asked", _one),
    }
    fields.no_more()
    return found


def restore(said: dict, target) -> None:
    """Ask at these times, where the leader's settings are taken over."""
    if not target.takes_settings:
        return
    target.leader.reminder_titles = said["titles"]
    reminders.save(target.leader, said["asked"], target.now)


def _asked(leader, row) -> dict:
    return {
        "kind": row.kind.value,
        "enabled": row.enabled,
        "at": reminders.time_of(leader, row).isoformat("minutes"),
        "days": row.days,
    }


def _one(value, path: str) -> Wish:
    fields = Fields(value, path)
    found = Wish(
        kind=fields.the("kind", _kind),
        enabled=fields.the("enabled", boolean),
        at=fields.the("at", a_clock),
        days=fields.each("days", between(1, 7)),
    )
    fields.no_more()
    return found


def _kind(value, path) -> Kind:
    kind = one_of(Kind)(value, path)
    if kind not in ASKED:
        raise wrong(path, " or ".join(ASKED), value)
    return kind
