"""The starter library: what it holds, and that its words can be translated."""

import io

import pytest
from babel.messages.extract import extract

from habits import library
from habits.models.commitments import INTENTION_LENGTH, TITLE_LENGTH
from habits.problems import Unknown
from habits.trust.history import CadenceKind, Pillar


@pytest.fixture(autouse=True)
def spoken(app):
    with app.app_context():
        yield


def test_it_holds_forty_of_which_one_is_only_a_repair():
    assert len(library.starters()) == 39
    assert [starter.id for starter in library.repairs()] == [16]


def test_every_starter_fits_the_columns_it_is_picked_into():
    for starter in (*library.starters(), *library.repairs()):
        assert 0 < len(starter.title) <= TITLE_LENGTH
        assert starter.intention.startswith("so that ")
        assert len(starter.intention) <= INTENTION_LENGTH
        assert starter.why
        assert starter.ask


def test_each_pack_has_three_and_no_repair():
    assert [pack.name for pack in library.packs()][0] == "New in the role"
    for pack in library.packs():
        assert len(pack.starters) == 3
        assert all(starter.cadence for starter in pack.starters)


def test_the_themes_of_both_pillars_hold_every_starter_once():
    ids = [
        starter.id
        for pillar in Pillar
        for theme in library.themes(pillar)
        for starter in theme.starters
    ]
    assert sorted(ids) == sorted(starter.id for starter in library.starters())
    assert all(
        s.pillar is Pillar.CHARACTER for t in library.themes(Pillar.CHARACTER) for s in t.starters
    )


def test_a_cadence_is_read_whole():
    assert library.find(1).cadence.days == frozenset({1, 2, 3, 4, 5})
    assert library.find(7).cadence.times == 3
    assert library.find(2).cadence.kind is CadenceKind.DAILY


def test_a_starter_that_does_not_exist_is_unknown():
    with pytest.raises(Unknown):
        library.find(41)


def test_every_text_is_found_by_the_extractor():
    found = {message for _line, message, *_rest in extract(library.extract, io.BytesIO())}
    for starter in library.starters():
        assert {starter.title, starter.intention, starter.why, starter.ask} <= found
    assert {pack.name for pack in library.packs()} <= found
