"""What Kept stands on, with pages or without: settings, clock, key and database."""

from flask import Flask

from habits import ROOT, clock, sessions
from habits.config import Config, from_environment
from habits.db import db, engine_options
from habits.vapid import Vapid

LONGEST_BODY = 256 * 1024  # bytes; uploads will raise it for their own route


def lay(
    config: Config | None = None, ticking: clock.Clock | None = None, kind: type[Flask] = Flask
) -> Flask:
    """An app of this kind without pages, for these settings and this clock."""
    config = config or from_environment()
    app = kind("habits", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.from_mapping(settings(config))
    app.extensions["kept"] = config
    app.extensions["clock"] = ticking or _clock(config)
    app.extensions["vapid"] = Vapid(config.data, config.push_subject)
    db.init_app(app)
    return app


def settings(config: Config) -> dict:
    """Flask's settings for ours."""
    return {
        "SECRET_KEY": config.secret,
        "TESTING": config.testing,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(config.database_url),
        "SESSION_COOKIE_NAME": "__Host-kept" if config.secure else "kept",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "MAX_CONTENT_LENGTH": LONGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LONGEST_BODY,
        "MAX_FORM_PARTS": 200,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "habits" / "translations"),
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],
        "COMPRESS_STREAMS": False,
        "COMPRESS_BR_LEVEL": 5,  # smaller than 4, and faster: 0.3 ms for Today, not 0.5
        "COMPRESS_BR_WINDOW": 16,  # 64 KiB: no page is longer
        "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    }


def _clock(config: Config) -> clock.Clock:
    return clock.starting_at(config.starts_at) if config.starts_at else clock.system
