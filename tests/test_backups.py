"""A backup while people write: whole, with all that was acknowledged before it began."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

from habits import backups, create_app, ledger, roster, storage
from habits.db import db
from tests import cast, databases
from tests.cast import TODAY
from tests.clock import Clock

WRITERS = 3
ENOUGH = 12  # answers of each before the backup


def keep_answering(app, leader, promise_id: int, number: int, begun: Event, over: Event) -> list:
    """Answer one promise again and again; the keys that were acknowledged before the backup."""
    client, before, count = app.test_client(), [], 0
    cast.sign_in(client, leader)
    while not over.is_set():
        key, count = f"{number}-{count}-{'x' * 20}", count + 1
        fields = {"commitment": promise_id, "date": TODAY.isoformat(), "answer": "kept", "key": key}
        assert client.post("/answers", data=fields).status_code == 303
        if not begun.is_set():
            before.append(key)
            if count == ENOUGH:
                begun.set()
    return before


def test_a_backup_while_people_write_lacks_nothing_acknowledged(app, dana, tmp_path):
    app.test_client_class = None
    with app.app_context():
        promises = [cast.promise(dana, f"Promise {n}").id for n in range(WRITERS)]
        ledger.refold(roster.leaders()[0], TODAY)
        db.session.commit()
    begun, over, file = Event(), Event(), tmp_path / "backup.db"
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [
            pool.submit(keep_answering, app, dana, promise, number, begun, over)
            for number, promise in enumerate(promises)
        ]
        begun.wait(60)
        try:
            with app.app_context():
                backups.write(file, storage.migrate_file)
        finally:
            over.set()
        acknowledged = {key for writer in writers for key in writer.result()}
    assert len(acknowledged) >= ENOUGH
    with closing(sqlite3.connect(file)) as stored:
        keys = {key for (key,) in stored.execute("SELECT key FROM answers")}
    assert acknowledged <= keys
    restored = create_app(databases.config(tmp_path, f"sqlite:///{file}"), Clock())
    with restored.app_context():
        backups.check(file, storage.known())
        assert ledger.verify(roster.leaders()[0], TODAY) == []
        db.engine.dispose()
