"""What a verb refuses, so that the web can say it at the field and the command line in a line."""


class Refused(Exception):
    """What was asked cannot be done: `field` names the input, `message` is for the leader."""

    def __init__(self, field: str, message):
        super().__init__(str(message))
        self.field = field
        self.message = message


class KeyReused(Exception):
    """A client's key came again with another body."""


class Unknown(LookupError):
    """Absent or not this leader's: the two are told apart nowhere."""
