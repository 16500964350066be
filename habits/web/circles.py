"""The circles as a picture and in words."""

from dataclasses import dataclass

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from habits.circles import Picture, State
from habits.date_words import short_day
from habits.days import local_date
from habits.trust.circles import Layout, Link, Overlap, Point
from habits.typeset import width
from habits.web import pulse_words

RADIUS = 100
MARGIN = 14
LETTERS, LINE = 18.5, 24  # of a name: its size in people.css, and a line of it
FAINT = 0.25  # of an outline: the least that can still be seen


@dataclass(frozen=True)
class View:
    """What templates/components/circles.html takes; lengths in the units of `box`."""

    id: str
    state: str
    sentence: str
    box: str
    radius: int
    intention: Point
    behavior: Point
    perception: Point
    names: list[dict]
    outline: float  # opacity of Intention's, by how many promises say what they are for
    sweet: bool
    overlaps: list[dict]  # {label, shown, details}
    facts: list[str]


def view(picture: Picture, name: str = "circles") -> View:
    """The picture, its numbers as text, and what it comes to in a sentence."""
    layout = picture.layout or _standing_apart()
    scaled = [_scale(point) for point in (layout.intention, layout.behavior, layout.perception)]
    names = _names(scaled)
    share = picture.intended / picture.counted if picture.counted else 0
    return View(
        id=name,
        state=picture.state.value,
        sentence=sentence(picture),
        box=_box(scaled, names),
        radius=RADIUS,
        intention=scaled[0],
        behavior=scaled[1],
        perception=scaled[2],
        names=names,
        outline=round(FAINT + (1 - FAINT) * share, 2),
        sweet=picture.sweet_spot is not None,
        overlaps=[_overlap(each) for each in picture.overlaps],
        facts=_facts(picture),
    )


def sentence(picture: Picture) -> str:
    """What the circles come to."""
    if picture.state is State.PUBLISHED:
        spot = picture.sweet_spot
        shown = pulse_words.band(spot.band) if spot.band else format_percent(spot.q)
        said = _perceived_alike() if picture.is_even else weakest(spot)
        return _("Sweet spot: %(shown)s. %(weakest)s", shown=shown, weakest=said)
    return {
        State.TOO_EARLY: _("Too early: the circles need ten answered promises."),
        State.NOT_ASKED: _("Not asked yet. Only they can say what they perceive."),
        State.NOT_ENOUGH: _("Not enough answers yet. Ask in person, one question at a time."),
        State.IN_PERSON: _("Asked in person, as you heard it."),
    }[picture.state]


def weakest(overlap: Overlap) -> str:
    """What the weakest of the three links says."""
    return {
        Link.WORD_DEED: _("The weakest link is between word and deed: keep what you promise."),
        Link.DEED_SEEN: _("They feel you mean it for them; they are less sure that you do it."),
        Link.INTENT_FELT: _("They see you deliver; they are less sure it is for them."),
    }[overlap.link]


def _perceived_alike() -> str:
    return _("What you do and whom you do it for come across alike: neither is the weaker link.")


def _overlap(overlap: Overlap) -> dict:
    labels = {
        Link.WORD_DEED: _("Word and deed"),
        Link.DEED_SEEN: _("Deed and what they see"),
        Link.INTENT_FELT: _("Intention and what they feel"),
    }
    share = overlap.share
    interval = share and _(
        "likely between %(low)s and %(high)s",
        low=format_percent(share.low),
        high=format_percent(share.high),
    )
    return {
        "label": labels[overlap.link],
        "shown": format_percent(share.mean) if share else pulse_words.band(overlap.band),
        "details": [interval] if interval else [],
    }


def _facts(picture: Picture) -> list[str]:
    found = []
    if picture.counted:
        found.append(
            ngettext(
                "In 56 days, %(kept)d of %(num)d promise kept.",
                "In 56 days, %(kept)d of %(num)d promises kept.",
                picture.counted,
                kept=picture.kept,
            )
            + " "
            + _(
                "With an intention: %(intended)d. With a person: %(named)d.",
                intended=picture.intended,
                named=picture.named,
            )
        )
    if picture.heard and picture.state in (State.IN_PERSON, State.TOO_EARLY):
        found.append(
            _(
                "Asked in person: %(seen)d see it, %(partly)d partly, %(not_yet)d not yet.",
                seen=picture.heard.seen,
                partly=picture.heard.partly,
                not_yet=picture.heard.not_yet,
            )
        )
    if picture.round is not None:
        row = picture.round.round
        day = short_day(local_date(row.closes_at, row.leader.timezone, 0))
        found.append(_("Perception is from the pulse of %(day)s.", day=day))
        if picture.round.result.partial:
            found.append(_("A partial view: less than half of them answered."))
    return found


def _standing_apart() -> Layout:
    """Three circles that only say that nothing is known yet."""
    return Layout(Point(0, 0), Point(1.0, 0), Point(0.5, 0.87))


def _scale(point: Point) -> Point:
    return Point(round(point.x * RADIUS, 1), round(point.y * RADIUS, 1))


def _box(points: list[Point], names: list[dict]) -> str:
    reach = RADIUS + MARGIN
    left, top = min(p.x for p in points) - reach, min(p.y for p in points) - reach - MARGIN
    top = min(top, *(name["y"] - LINE for name in names))
    wide = max(p.x for p in points) + reach - left
    height = max(p.y for p in points) + reach + MARGIN - top
    return " ".join(f"{length:.1f}" for length in (left, top, wide, height))


def _names(points: list[Point]) -> list[dict]:
    """Each circle's name outside of it: two above, at either side, and one below.

    Where both are too long for that, as where the circles nearly agree, one stands higher.
    """
    intention, behavior, perception = points
    above = -RADIUS - MARGIN / 2
    room = abs(intention.x - behavior.x) + 2 * RADIUS - MARGIN
    is_tight = width(_("Intention"), LETTERS) + width(_("Behavior"), LETTERS) > room
    return [
        {
            "of": "intention",
            "name": _("Intention"),
            "x": min(intention.x, behavior.x) - RADIUS,
            "y": above - LINE * is_tight,
            "at": "start",
        },
        {
            "of": "behavior",
            "name": _("Behavior"),
            "x": max(intention.x, behavior.x) + RADIUS,
            "y": above,
            "at": "end",
        },
        {
            "of": "perception",
            "name": _("Perception"),
            "x": perception.x,
            "y": perception.y + RADIUS + MARGIN + 4,
            "at": "middle",
        },
    ]
