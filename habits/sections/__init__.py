"""What a history file says beyond the account: one module a key, in the order of restoring.

Each module has KEY, `write(record)` (the value in the file, empty where there is nothing),
`read(value, path, known)` (the same checked, HistoryError names what is wrong) and
`restore(said, target)` (rows for what is not there yet). A key without a module is passed over.
"""

from habits.sections import (
    announced,
    before,
    pulses,
    questions,
    reminders,
    repairs,
    settings,
    successors,
    told_later,
    weeks,
)

SECTIONS = (
    settings,
    successors,
    repairs,
    announced,
    told_later,
    weeks,
    questions,
    reminders,
    pulses,
    before,
)
