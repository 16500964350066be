"""The log: a JSON object a line, with the request's id, and with nothing that is anybody's own."""

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).parent.parent

# The id of the request that is served, which its lines bear and a page that failed shows.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Lines(logging.Formatter):
    """Writes a record as one line; what is given as `extra={"fields": …}` stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": _instant(record.created),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        if known := request_id.get():
            line["request"] = known
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line |= fault(record.exc_info[1])
        return json.dumps(line)


def fault(error: BaseException) -> dict[str, object]:
    """What failed and where, without its words: they may quote what a leader wrote."""
    kinds, cause = [], error
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "fault": " from ".join(kinds),
        "trace": [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def to_stderr() -> None:
    """Write what Kept says of itself from here on, from INFO upwards."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    log = logging.getLogger("kept")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False


def _instant(seconds: float) -> str:
    instant = datetime.fromtimestamp(seconds, UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _place(filename: str) -> str:
    """A file's name as in the repository, or from the package on."""
    path = Path(filename)
    if path.is_relative_to(HOME / "habits"):
        return str(path.relative_to(HOME))
    return "/".join(path.parts[-2:])
