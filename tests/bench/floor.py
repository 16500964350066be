"""The floor: the least that Flask-SQLAlchemy costs, one query and one line, served as Kept is."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from habits.cli.serve import Server
from habits.db import engine_options, reading

LINE = "<!doctype html><title>Floor</title><p>{{ rows | length }} answers</p>"
SHOWN = 5  # rows, as many as Today has promises


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Answer(db.Model):
    """One answer, stored as durably as Kept's: habits.db sets every SQLite connection up."""

    id: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[str]
    at: Mapped[datetime]


def create_app(data: Path) -> Flask:
    """GET / reads once, POST /answers writes once."""
    url = f"sqlite:///{data / 'floor.db'}"
    app = Flask("floor")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    page = app.jinja_env.from_string(LINE)  # once: Kept's templates are compiled once, too

    @app.before_request
    def take_no_lock_to_read():
        reading.set(request.method == "GET")

    @app.get("/")
    def show():
        query = select(Answer).order_by(Answer.id.desc()).limit(SHOWN)
        return page.render(rows=db.session.scalars(query).all())

    @app.post("/answers")
    def create():
        db.session.add(Answer(said="kept", at=datetime.now(UTC)))
        db.session.commit()
        return "<p>kept</p>"

    @app.get("/healthz")
    def healthz():
        return "ok"

    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return app


if __name__ == "__main__":
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    Server(create_app(folder), "127.0.0.1", port, f"http://localhost:{port}").run()
