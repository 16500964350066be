"""Carries a notification to a leader's devices, and stores what became of each copy."""

from collections.abc import Iterable

from habits import subscriptions
from habits.models.devices import Subscription
from habits.models.reminders import Kind, Outcome
from habits.push import Message, Post, Result

BEST_FIRST = (
    Outcome.SENT,
    Outcome.UNSURE,
    Outcome.WAITING,
    Outcome.REFUSED,
    Outcome.GONE,
)

Copies = list[tuple[Subscription, Result | None]]  # None: its push service has to be left alone


def carry(devices: Iterable[Subscription], message: Message, post: Post, now) -> Copies:
    """Send a copy to each device. Nothing is stored and no transaction is open meanwhile."""
    return [
        (device, None if subscriptions.must_wait(device, now) else post.send(device, message, now))
        for device in devices
    ]


def note(copies: Copies, kind: Kind, now) -> Outcome:
    """Store what became of each; returns the best of it, which is what became of the reminder."""
    for device, result in copies:
        if result is not None:
            subscriptions.note(device, kind, result, now)
        elif kind is not Kind.TEST:
            subscriptions.hold(device, kind)
    found = {result.outcome if result else Outcome.WAITING for _device, result in copies}
    return next(outcome for outcome in BEST_FIRST if outcome in found)
