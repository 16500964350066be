"""What a reminder says, decided when it is sent; nothing to say is an outcome, too."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from flask_babel import force_locale, get_locale, ngettext, pgettext
from flask_babel import gettext as _

from habits.book import open_book, stretch
from habits.date_words import weekday
from habits.days import local_date, week_days, week_first, week_label
from habits.joiners import labelled
from habits.models.leaders import Leader
from habits.models.reminders import Kind, Outcome
from habits.push import Message
from habits.reminders import Later, useful_until
from habits.today import UNANSWERED, Today
from habits.trust.plan import Promise, Standing
from habits.week_grid import grid

DECLARATIVE = 8030  # what marks a payload that a browser can show by itself
HALF_WEEK = timedelta(days=3)
SHORTEST = timedelta(minutes=1)  # of use
OF_A_TEST = timedelta(minutes=5)
RESUMED = 7  # stored days that reach back to where the fold is resumed
LISTED = 3  # titles in one notification
MOST_ASKED = 30  # promises that one tap can answer: the payload is short


@dataclass(frozen=True)
class Press:
    """A button of a notification, and the form that it sends in the leader's name."""

    action: str
    title: str
    url: str = ""  # none: it opens the page
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """A notification: what it says, where it leads, how long it is of use."""

    kind: Kind
    title: str
    body: str
    path: str
    until: datetime
    badge: int | None = None
    presses: tuple[Press, ...] = ()

    @property
    def tag(self) -> str:
        """What a later one of the same question replaces."""
        return str(Kind.EVENING if self.kind is Kind.NUDGE else self.kind)


def decide(leader: Leader, kind: Kind, at: datetime, now: datetime) -> Notice | Outcome:
    """What to say to the leader now about what was due at `at`; an Outcome for nothing."""
    until = useful_until(leader, kind, at)
    if now >= until:
        return Outcome.LATE
    today = local_date(now, leader.timezone, leader.day_start)
    shown = Today(open_book(leader, today, spark=RESUMED))
    if shown.is_off:
        return Outcome.OFF
    with force_locale(leader.locale):
        said = {
            Kind.MORNING: _morning,
            Kind.EVENING: _evening,
            Kind.NUDGE: _evening,
            Kind.WEEK: _week,
        }[kind](leader, kind, shown, at, until)
    return said or Outcome.NOTHING


def test(leader: Leader, now: datetime) -> Notice:
    """A notification that shows that reminders arrive."""
    return Notice(
        kind=Kind.TEST,
        title=_("Reminders arrive here"),
        body=_("This is the test that you asked for."),
        path="/settings/reminders",
        until=now + OF_A_TEST,
    )


def message(notice: Notice, leader: Leader, origin: str, icon: str, now: datetime) -> Message:
    """The notification for the wire: a browser that knows declarative push shows it by itself,
    Kept's service worker reads the same, with what its buttons send."""
    urgent = notice.kind is not Kind.WEEK
    payload = _payload(notice, leader, origin, icon)
    return Message(
        # Escaped, three titles in Japanese or emoji would not fit a push message.
        body=json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(),
        ttl=int(max(notice.until - now, SHORTEST).total_seconds()),
        urgency="high" if urgent else "normal",
        topic=notice.tag,
    )


def _morning(leader: Leader, kind: Kind, shown: Today, at, until) -> Notice | None:
    due = [promise for promise in shown.promises if promise.standing in UNANSWERED]
    if not due:
        return None
    count = len(due)
    words = ngettext("%(num)s promise for today.", "%(num)s promises for today.", count)
    if leader.reminder_titles:
        words = _listed(due)
    return Notice(kind, _("What will you keep today?"), words, "/", until, badge=count)


def _evening(leader: Leader, kind: Kind, shown: Today, at, until) -> Notice | None:
    earlier = [promise for _day, promises in shown.still_open for promise in promises]
    promises = earlier + [one for one in shown.promises if one.standing in UNANSWERED]
    if not promises:
        return None
    count = len(promises)
    if count == 1:
        title, body = _one(leader, promises[0], shown.date)
        presses = _answers(leader, kind, promises[0], at)
    else:
        title = ngettext("%(num)s promise is open", "%(num)s promises are open", count)
        body = _listed(promises) if leader.reminder_titles else _("Were they kept?")
        presses = _all_kept(leader, kind, promises, at)
    if kind is Kind.EVENING:
        presses = (*presses, _later(leader, at))
    return Notice(kind, title, body, "/", until, badge=count, presses=presses)


def _week(leader: Leader, kind: Kind, shown: Today, at, until) -> Notice | None:
    """The week most of whose days have passed, if anything was due in it."""
    first = week_first(shown.date - HALF_WEEK, leader.week_start)
    dates = week_days(first)
    book = stretch(leader, shown.date, first, dates[-1])
    rows = grid(book, dates, book.state)
    count = sum(row.due + row.count(Standing.OPEN) for row in rows)
    if not count:
        return None
    body = ngettext(
        "%(num)s promise was due. Look at what became of it.",
        "%(num)s promises were due. Look at what became of them.",
        count,
    )
    return Notice(kind, _("Your week is ready to read"), body, f"/weeks/{week_label(first)}", until)


def _one(leader: Leader, promise: Promise, today: date) -> tuple[str, str]:
    asked = _("Was it kept?")
    if promise.date != today:
        asked = _("From %(day)s. Was it kept?", day=weekday(promise.date))
    if leader.reminder_titles:
        return promise.commitment.title, asked
    return ngettext("%(num)s promise is open", "%(num)s promises are open", 1), asked


def _listed(promises: list[Promise]) -> str:
    """The first titles, a line each."""
    titles = [promise.commitment.title for promise in promises]
    more = len(titles) - LISTED
    lines = titles[:LISTED]
    if more > 0:
        lines.append(ngettext("and %(num)s more", "and %(num)s more", more))
    return "\n".join(lines)


def _answers(leader: Leader, kind: Kind, promise: Promise, at: datetime) -> tuple[Press, ...]:
    asked = {"commitment": str(promise.commitment.id), "date": promise.date.isoformat()}

    def press(answer: str, title: str) -> Press:
        key = _key(leader, kind, at, answer, *asked.values())
        return Press(answer, title, "/answers", asked | {"answer": answer, "key": key})

    return press("kept", _("Kept")), press("broken", _("Broken"))


def _all_kept(leader: Leader, kind: Kind, promises: list[Promise], at) -> tuple[Press, ...]:
    asked = [f"{one.commitment.id}:{one.date.isoformat()}" for one in promises]
    if len(asked) > MOST_ASKED:
        return (Press("open", pgettext("button", "Open")),)
    fields = {"promises": " ".join(asked), "key": _key(leader, kind, at, "kept", *asked)}
    return Press("kept", _("All kept"), "/evenings", fields), Press(
        "open", pgettext("button", "Open")
    )


def _later(leader: Leader, at: datetime) -> Press:
    fields = {"later": Later.HOUR.value, "key": _key(leader, Kind.EVENING, at, "later")}
    return Press("later", _("In an hour"), "/nudges", fields)


def _key(leader: Leader, kind: Kind, at: datetime, *parts: str) -> str:
    """The same on every device that shows this notification, so that two taps are one."""
    occasion = at.isoformat()
    if kind is Kind.EVENING:  # once a day, however late a copy of it is sent
        occasion = local_date(at, leader.timezone, leader.day_start).isoformat()
    return str(uuid5(NAMESPACE_OID, "/".join((leader.opaque, kind, occasion, *parts))))


def _payload(notice: Notice, leader: Leader, origin: str, icon: str) -> dict:
    with force_locale(leader.locale):
        spoken = get_locale()
        label = labelled("{button}", "{title}")
    shown = {
        "title": notice.title,
        "body": notice.body,
        "navigate": origin + notice.path,
        "lang": str(spoken).replace("_", "-"),
        "dir": spoken.text_direction,
        "tag": notice.tag,
        "icon": origin + icon,
        "silent": False,
        "mutable": True,
        "actions": [{"action": one.action, "title": one.title} for one in notice.presses],
        "data": {
            "leader": leader.opaque,
            "navigate": origin + notice.path,
            "label": label,
            "sends": {
                one.action: {"url": origin + one.url, "fields": one.fields}
                for one in notice.presses
                if one.url
            },
        },
    }
    payload = {"web_push": DECLARATIVE, "notification": shown}
    if notice.badge is not None:
        shown["app_badge"] = payload["app_badge"] = notice.badge
    return payload
