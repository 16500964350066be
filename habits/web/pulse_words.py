"""The pulse in words: its questions, its boxes, and what a result says."""

from flask_babel import format_percent
from flask_babel import gettext as _

from habits.pulses import Shown
from habits.trust.pulse import Band, Finding, Item, State, Trend
from habits.trust.shares import Share

NEXT = {Item.ABILITY: 33, Item.BENEVOLENCE: 36, Item.INTEGRITY: 39, Item.CONGRUENCE: 2}  # starters


def question(item: Item, name: str) -> str:
    """What is asked of someone whom `name` leads."""
    return {
        Item.ABILITY: _(
            "When %(name)s takes something on, I expect it to be done well.", name=name
        ),
        Item.BENEVOLENCE: _("%(name)s has my good in mind, not only their own.", name=name),
        Item.INTEGRITY: _(
            "I can believe what %(name)s tells me, even when the truth is awkward.", name=name
        ),
        Item.CONGRUENCE: _("What %(name)s does fits what %(name)s said.", name=name),
        Item.FOLLOW: _("I would choose to follow %(name)s even if I did not have to.", name=name),
    }[item]


def boxes() -> list[tuple[str, str]]:
    """What can be ticked, "can't say" last."""
    words = [_("not at all"), _("a little"), _("partly"), _("largely"), _("completely")]
    return [(str(box), word) for box, word in enumerate([*words, _("can't say")])]


def label(item: Item) -> str:
    """The item in short, as the leader reads it."""
    return {
        Item.ABILITY: _("What you take on is done well"),
        Item.BENEVOLENCE: _("You have their good in mind"),
        Item.INTEGRITY: _("They can believe you"),
        Item.CONGRUENCE: _("What you do fits what you said"),
        Item.FOLLOW: _("They would follow by choice"),
    }[item]


def band(found: Band) -> str:
    """What most said."""
    return {
        Band.MOSTLY_YES: _("mostly yes"),
        Band.MIXED: _("mixed"),
        Band.MOSTLY_NO: _("mostly no"),
    }[found]


def trend(found: Trend | None) -> str | None:
    """Beside the round before."""
    if found is None:
        return None
    return {
        Trend.HIGHER: _("higher than before"),
        Trend.LOWER: _("lower than before"),
        Trend.SAME: _("about the same as before"),
    }[found]


def finding(found: Finding) -> dict:
    """One line of a result."""
    return {
        "label": label(found.item),
        "shown": format_percent(found.share.mean) if found.share else band(found.band),
        "details": [
            words
            for words in (found.share and _interval(found.share), trend(found.trend))
            if words is not None
        ],
    }


def follow(rounds: list[Shown]) -> str:
    """Whether people would follow, as far as they were asked in these rounds, newest first."""
    states = {shown.state for shown in rounds}
    if not states & {State.PUBLISHED, State.TOO_FEW}:
        return _("Whether they would follow by choice: not asked yet.")
    shown = next((each for each in rounds if each.state is State.PUBLISHED), None)
    found = shown and shown.result.of(Item.FOLLOW)
    if found is None:
        return _("Whether they would follow by choice: not enough answers yet.")
    said = (
        _("%(share)s yes", share=format_percent(found.share.mean))
        if found.share
        else band(found.band)
    )
    return _("Asked whether they would follow by choice, they said: %(said)s.", said=said)


def _interval(found: Share) -> str:
    low, high = format_percent(found.low), format_percent(found.high)
    return _("likely between %(low)s and %(high)s", low=low, high=high)
