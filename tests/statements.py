"""Counts what a request asks of the database."""

from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine

FREE = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def count_statements():
    """Collects the statements run within, but for those that only frame a transaction."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.lstrip().upper().startswith(FREE):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
