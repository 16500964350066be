"""Reads a page as a person does: its rows, their forms, the balance."""

from tests import html


def parse(response):
    return html.parsed(response.text)[0]


def row(response, commitment, date=None):
    """The row of a promise, as an element; None where there is none."""
    for element in parse(response).iter("li"):
        if element.get("data-promise") == str(commitment.id) and date in (
            None,
            element.get("data-date"),
        ):
            return element
    return None


def answers(response) -> dict[str, str]:
    """Every row's `data-answer`, by the commitment's id and date."""
    return {
        f"{e.get('data-promise')} {e.get('data-date')}": e.get("data-answer")
        for e in parse(response).iter("li")
        if e.get("data-promise")
    }


def balance(response) -> float:
    """The exact balance that a page or a fragment states."""
    return float(_by_id(response, "balance").get("value"))


def streak(response) -> int:
    return int(next(_by_id(response, "streak").iter("data")).get("value"))


def form_of(row, reply: str) -> dict[str, str]:
    """The fields of the row's form that gives this answer."""
    for form in row.iter("form"):
        if form.get("data-answers") == reply:
            return {i.get("name"): i.get("value", "") for i in form.iter("input") if _sent(i)}
    raise AssertionError(f"no form for {reply!r}")


def text(response) -> str:
    return " ".join("".join(parse(response).itertext()).split())


def _sent(field) -> bool:
    chosen = field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None
    return field.get("name") is not None and chosen


def _by_id(response, name: str):
    return next(e for e in parse(response).iter() if e.get("id") == name)
