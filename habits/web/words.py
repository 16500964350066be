"""The product's words for what the core names."""

from functools import lru_cache

from habits import library
from habits.web.translations import plain as _
from habits.web.translations import spoken


def level(name: str) -> str:
    """A level of the balance."""
    return {
        "needs_repair": _("needs repair"),
        "mending": _("mending"),
        "proving": _("proving"),
        "reliable": _("reliable"),
        "steady": _("steady"),
        "proven": _("proven"),
    }[str(name).replace(" ", "_")]


def pillar(name: str) -> str:
    """One of the two pillars."""
    return _("Character") if name == "character" else _("Competency")


def nature(name: str, told: bool) -> str:
    """What a lapse was, and whether it was said."""
    if name == "deception":
        return _("I misled someone")
    if name == "choice":
        return _("I put myself before my word")
    return _("a mistake, told") if told else _("a mistake, not told yet")


def saids() -> dict[str, str]:
    """What a broken promise was, for each nature that makes a difference to say."""
    return {
        "mistake-no": _("A mistake, not told yet."),
        "mistake-yes": _("A mistake, told."),
        "choice": _("I put myself before my word."),
        "deception": _("I misled someone."),
    }


@lru_cache(64)
def said(which: str, _locale) -> str:
    """One of them."""
    return saids()[which]


def said_of(nature: str | None, told: bool) -> str:
    """Which of them; telling makes a difference to a mistake alone."""
    if nature in ("choice", "deception"):
        return nature
    return "mistake-yes" if told else "mistake-no"


def heard() -> dict[str, str]:
    """What a person can say of a promise, as the leader heard it."""
    return {"seen": _("They see it"), "partly": _("Partly"), "not_yet": _("Not yet")}


def repair_titles() -> tuple[str, ...]:
    """What the library suggests where something was broken."""
    return _repair_titles(spoken())


@lru_cache(64)
def _repair_titles(_locale) -> tuple[str, ...]:
    return tuple(str(starter.title) for starter in library.repairs())


def ranges() -> dict[str, str]:
    """How far back the account is shown."""
    return {
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
        "all": _("All"),
    }
