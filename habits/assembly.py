"""Puts the app together: settings, database, languages, guards and one blueprint a noun."""

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from habits import ROOT, clock
from habits.assets import Assets
from habits.config import Config, from_environment
from habits.db import Migrations, db, engine_options
from habits.vapid import Vapid
from habits.web import BLUEPRINTS, errors, forms, fragments, guards, translations

LONGEST_BODY = 256 * 1024  # bytes; uploads will raise it for their own route


class Kept(Flask):
    """Flask with the texts of a template compiled into it."""

    jinja_environment = translations.Environment


def assemble(config: Config | None = None, ticking: clock.Clock | None = None) -> Flask:
    """The app for these settings and this clock."""
    config = config or from_environment()
    app = Kept("habits", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.from_mapping(settings(config))
    app.extensions["kept"] = config
    app.extensions["clock"] = ticking or _clock(config)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["id"] = forms.IdConverter
    app.extensions["vapid"] = Vapid(config.data, config.push_subject)
    app.extensions["assets"] = Assets.read(ROOT / "static")
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app, str(ROOT / "migrations"))
    Babel(app, locale_selector=guards.locale, timezone_selector=lambda: "UTC")
    Compress(app)
    for room in (guards, fragments, translations, errors):
        room.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)
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
        "PERMANENT_SESSION_LIFETIME": guards.LONGEST_SESSION,
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
