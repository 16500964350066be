"""Addresses: each is built as it is matched, and compiled once somebody asks for it."""

from werkzeug.routing import IntegerConverter, Map, PathConverter, Rule

from habits.web.forms import IdConverter
from habits.web.routes import Route
from tests import databases

SAID = {IdConverter: 7, IntegerConverter: 7, PathConverter: "a/b.css"}


@databases.on_sqlite
def test_every_rule_builds_what_it_matches(app):
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: SAID.get(type(rule._converters[name]), "text") for name in rule.arguments}
        method = min(rule.methods - {"HEAD", "OPTIONS"})
        built = adapter.build(rule.endpoint, values, method)
        assert adapter.match(built, method) == (rule.endpoint, values)
        assert adapter.build(rule.endpoint, values | {"page": "2"}, method) == f"{built}?page=2"


def test_what_builds_an_address_is_compiled_once_it_is_asked_for():
    route = Route("/days/<day>", endpoint="day")
    ours = Map([route]).bind("localhost")
    plain = Map([Rule("/days/<day>", endpoint="day")]).bind("localhost")
    before = route._build_unknown
    for day in ("2026-11-23", "a b&c/ü"):
        values = {"day": day, "beside": "ü"}
        assert ours.build("day", values) == plain.build("day", values)
    compiled = route._build_unknown
    assert compiled is not before
    ours.build("day", {"day": "2026-11-24"})
    assert route._build_unknown is compiled
