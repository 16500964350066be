"""kept leaders: who is here."""

from sqlalchemy import create_engine, text


def test_the_leaders_are_listed_with_their_ids(demo, at_monday):
    heading, dana, cleo = at_monday("leaders", data=demo)
    assert heading.split() == ["id", "name", "created", "last", "seen"]
    assert dana.split() == ["1", "Dana", "2026-07-26", "18:00", "never"]
    assert cleo.split() == ["2", "Cleo", "2026-11-14", "18:00", "never"]


def test_nobody_here_is_a_heading_alone(empty, at_monday):
    assert len(at_monday("leaders", data=empty)) == 1


def test_a_name_cannot_steer_the_terminal(demo, at_monday):
    engine = create_engine(f"sqlite:///{demo / 'kept.db'}")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE leaders SET name = :name WHERE id = 1"), {"name": "\x1b[2JD\nana\u202e"}
        )
    engine.dispose()
    shown = "\n".join(at_monday("leaders", data=demo))
    assert "1   ?[2JD?ana?  2026" in shown
