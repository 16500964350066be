"""The rows; importing this module makes every table known."""

from habits.models.accounts import FixedDay
from habits.models.answers import Answer, Lapse, Telling
from habits.models.commitments import Commitment, TimeOff
from habits.models.devices import Challenge, Link, Passkey, RecoveryCode, Session, Subscription
from habits.models.leaders import Leader, Person
from habits.models.limits import Attempt
from habits.models.reminders import CalendarFeed, Reminder
from habits.models.weeks import WeekNote
from habits.models.writes import Write

__all__ = [
    "Answer",
    "Attempt",
    "CalendarFeed",
    "Challenge",
    "Commitment",
    "FixedDay",
    "Lapse",
    "Leader",
    "Link",
    "Passkey",
    "Person",
    "RecoveryCode",
    "Reminder",
    "Session",
    "Subscription",
    "Telling",
    "TimeOff",
    "WeekNote",
    "Write",
]
