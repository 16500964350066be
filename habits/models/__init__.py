"""The rows; importing this module makes every table known."""

from habits.models.accounts import FixedDay
from habits.models.answers import Answer, Lapse, Telling
from habits.models.commitments import Commitment, TimeOff
from habits.models.devices import Challenge, Link, Passkey, RecoveryCode, Session, Subscription
from habits.models.hosting import Heartbeat
from habits.models.imports import Import, Origin, PastAnswer
from habits.models.leaders import Leader, Person
from habits.models.limits import Attempt
from habits.models.people import Parting, PersonDay, Question
from habits.models.pulses import Invitation, Round
from habits.models.reminders import CalendarFeed, Reminder
from habits.models.tokens import Token
from habits.models.weeks import WeekNote
from habits.models.writes import Write

__all__ = [
    "Answer",
    "Attempt",
    "CalendarFeed",
    "Challenge",
    "Commitment",
    "FixedDay",
    "Heartbeat",
    "Import",
    "Invitation",
    "Lapse",
    "Leader",
    "Link",
    "Origin",
    "Parting",
    "Passkey",
    "PastAnswer",
    "Person",
    "PersonDay",
    "Question",
    "RecoveryCode",
    "Reminder",
    "Round",
    "Session",
    "Subscription",
    "Telling",
    "TimeOff",
    "Token",
    "WeekNote",
    "Write",
]
