"""The rows; importing this module makes every table known."""

from habits.models.accounts import FixedDay
from habits.models.answers import Answer, Lapse, Telling
from habits.models.commitments import Commitment, TimeOff
from habits.models.devices import Challenge, Link, Passkey, RecoveryCode, Session
from habits.models.imports import Import, Origin, PastAnswer
from habits.models.leaders import Leader, Person
from habits.models.limits import Attempt
from habits.models.weeks import WeekNote
from habits.models.writes import Write

__all__ = [
    "Answer",
    "Attempt",
    "Challenge",
    "Commitment",
    "FixedDay",
    "Import",
    "Lapse",
    "Leader",
    "Link",
    "Origin",
    "Passkey",
    "PastAnswer",
    "Person",
    "RecoveryCode",
    "Session",
    "Telling",
    "TimeOff",
    "WeekNote",
    "Write",
]
