"""The API's document says what the code does: its addresses, its words, its bounds."""

import yaml

from habits import ROOT, tokens
from habits.models.answers import NOTE_LENGTH
from habits.models.commitments import INTENTION_LENGTH, TITLE_LENGTH
from habits.models.leaders import NAME_LENGTH
from habits.models.tokens import Reach
from habits.passbook import Range
from habits.trust.forecast import Level
from habits.trust.history import Nature, Pillar, Reply
from habits.trust.plan import Standing
from habits.web.api.reading import WHICH
from habits.web.forms import KEY, LARGEST_ID

DOCUMENT = yaml.safe_load((ROOT / "static" / "openapi.yaml").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
PARAMETERS = DOCUMENT["components"]["parameters"]
NAMES = {"<label>": "{week}", "<id:lapse_id>": "{lapse}"}


def in_document(rule) -> str:
    """The address as the document writes it."""
    path = rule.rule.removeprefix("/api/v1")
    for here, there in NAMES.items():
        path = path.replace(here, there)
    return path


def properties(schema: str) -> dict:
    return SCHEMAS[schema]["properties"]


def test_it_has_every_address_and_no_other(app):
    routed = {
        (in_document(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    written = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item}
    assert routed == written


def test_what_needs_a_token_that_may_write_says_so(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            reach = getattr(app.view_functions[rule.endpoint], "reach", None)
            for operation in DOCUMENT["paths"][in_document(rule)].values():
                if operation["operationId"] in _operations(rule):
                    assert ("403" in operation["responses"]) == (reach is Reach.WRITE)
                    assert ("401" in operation["responses"]) == (reach is not None)
                    assert (operation.get("security") == []) == (reach is None)


def _operations(rule) -> set[str]:
    methods = {method.lower() for method in rule.methods}
    item = DOCUMENT["paths"][in_document(rule)]
    return {operation["operationId"] for method, operation in item.items() if method in methods}


def test_its_words_are_those_of_the_code():
    assert SCHEMAS["Pillar"]["enum"] == list(Pillar)
    assert SCHEMAS["Nature"]["enum"] == list(Nature)
    assert SCHEMAS["Standing"]["enum"] == list(Standing)
    assert properties("Answer")["answer"]["enum"] == [*Reply, "open"]
    assert properties("Answer")["nature"]["enum"] == [*Nature, None]
    assert properties("Account")["level"]["enum"] == list(Level)
    assert PARAMETERS["Range"]["schema"]["enum"] == list(Range)
    assert PARAMETERS["Which"]["schema"]["enum"] == list(WHICH)


def test_its_bounds_are_those_of_the_code():
    assert SCHEMAS["Id"]["maximum"] == LARGEST_ID
    assert PARAMETERS["Key"]["schema"]["pattern"] == f"^{KEY.pattern}$"
    for schema in ("Answer", "NewLapse", "Promise", "Lapse"):
        assert properties(schema)["note"]["maxLength"] == NOTE_LENGTH
    assert properties("NewLapse")["person"]["maxLength"] == NAME_LENGTH
    assert properties("Promise")["title"]["maxLength"] == TITLE_LENGTH
    assert properties("Commitment")["intention"]["maxLength"] == INTENTION_LENGTH
    assert f"{tokens.CALLS.tries} times a minute" in " ".join(
        DOCUMENT["info"]["description"].split()
    )
    assert tokens.CALLS.per.total_seconds() == 60


def test_every_object_is_closed_so_that_a_new_field_has_to_be_written_down():
    for name, schema in SCHEMAS.items():
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, name


def test_anyone_may_read_it(client):
    answer = client.get("/api/v1/openapi.yaml")
    assert (answer.status_code, answer.mimetype) == (200, "application/yaml")
    assert yaml.safe_load(answer.data) == DOCUMENT
