"""Puts the app together on its foundation: languages, guards and one blueprint a noun."""

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from habits import ROOT, clock, foundation
from habits.assets import Assets
from habits.config import Config
from habits.db import Migrations
from habits.web import BLUEPRINTS, api, errors, forms, fragments, guards, traces, translations
from habits.web.compiled import Compiled
from habits.web.routes import Route


class Kept(Flask):
    """Flask with the texts of a template compiled into it, and with rules that are quickly made."""

    jinja_environment = translations.Environment
    url_rule_class = Route


def assemble(config: Config | None = None, ticking: clock.Clock | None = None) -> Flask:
    """The app for these settings and this clock."""
    app = foundation.lay(config, ticking, Kept)
    config = app.extensions["kept"]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = config.cache and Compiled(config.cache)
    app.url_map.converters["id"] = forms.IdConverter
    app.extensions["assets"] = Assets.read(ROOT / "static", config.cache)
    app.extensions["migrate"] = Migrations(app, str(ROOT / "migrations"))
    Babel(app, locale_selector=guards.locale, timezone_selector=lambda: "UTC")
    Compress(app)
    for room in (traces, guards, api.bearers, fragments, translations, errors):
        room.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)
    return app
