"""Does what a form asks once, however often the form comes."""

from collections.abc import Callable

from flask import request
from flask_login import current_user

from habits import writes
from habits.db import db
from habits.problems import Refused
from habits.web.forms import Form
from habits.web.guards import now


def once(form: Form, make: Callable[[], int | None]) -> int | None:
    """The id that `make` gave when this form's key came first; commits it. Raises KeyReused.

    A refusal is undone, said at the form's field, and raised again: the key may be used again.
    """
    sent = {"path": request.path, **form.sent()}
    try:
        if not writes.first_time(current_user, form.key.data, sent, now()):
            return writes.made(current_user, form.key.data)
        made = make()
    except Refused as problem:
        db.session.rollback()
        form.refuse(problem)
        raise
    writes.remember(current_user, form.key.data, made)
    db.session.commit()
    return made
