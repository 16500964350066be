"""What every page and fragment has to be: well formed, labelled, and without inline code."""

import re
from collections import Counter
from functools import lru_cache

import html5lib

UNTYPED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "popovertarget",
    "form",
)
SELECTORS = ("data-hx-target", "data-hx-include", "data-hx-indicator", "data-hx-select")
# html5lib knows an older standard: what it dislikes here is fine by now.
FORGIVEN = {"expected-doctype-but-got-chars", "expected-doctype-but-got-start-tag"}


def check(text: str) -> None:
    """Raise AssertionError with all that is wrong with a page, or with a fragment of one."""
    faults = problems(text)
    assert not faults, "\n".join([*faults, "in:", text[:4000]])


def problems(text: str) -> list[str]:
    """All that is wrong."""
    page = text.lstrip()[:9].lower() == "<!doctype"
    root, errors = parsed(text) if page else _fragment(text)
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    faults = [
        f"line {line}: {code} {data or ''}"
        for (line, _column), code, data in errors
        if code not in FORGIVEN
    ]
    faults += _ids(elements) + _code(elements) + _names(root, elements)
    return faults + (_page(root, elements) if page else [])


@lru_cache(maxsize=4)
def parsed(text: str):
    """A page's tree and its errors, for whoever asks again, so nobody may change it: it is slow."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(text), parser.errors


def _fragment(text: str):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parseFragment(text), parser.errors


def _ids(elements):
    counted = Counter(e.get("id") for e in elements if e.get("id") is not None)
    return [f"id {name!r} {times} times" for name, times in counted.items() if times > 1]


def _code(elements):
    faults = []
    for element in elements:
        shown = f"<{element.tag}>"
        if element.tag == "style" or element.get("style") is not None:
            faults.append(f"{shown}: inline style")
        if element.tag == "script" and not element.get("src"):
            kind = element.get("type", "")
            if not kind.endswith("json"):
                faults.append("<script>: inline script")
        for name, value in element.attrib.items():
            if re.match(r"(on|hx-|data-hx-on)", str(name)):
                faults.append(f"{shown}: attribute {name}")
            if value and re.match(r"\s*(javascript|js):", value, re.IGNORECASE):
                faults.append(f"{shown}: code in {name}")
    return faults


def _names(root, elements):
    labelled = {e.get("for") for e in elements if e.tag == "label"}
    inside = {id(field) for e in elements if e.tag == "label" for field in e.iter()}
    faults = []
    for element in elements:
        if element.tag in ("input", "select", "textarea"):
            named = element.get("id") in labelled or id(element) in inside or _aria(element)
            if element.get("type") not in UNTYPED and not named:
                faults.append(f"<{element.tag} name={element.get('name')!r}> has no label")
        if element.tag in ("a", "button") and not (_aria(element) or _text(element)):
            faults.append(f"<{element.tag}> without a name: {dict(element.attrib)}")
        if element.tag == "img" and element.get("alt") is None:
            faults.append(f"<img> without alt: {element.get('src')}")
    return faults


def _aria(element):
    return element.get("aria-label") or element.get("aria-labelledby")


def _text(element):
    pictures = [e.get("alt") for e in element.iter("img")]
    titles = [
        e.text for e in element.iter() if e.tag in ("title", "{http://www.w3.org/2000/svg}title")
    ]
    return "".join([*element.itertext(), *filter(None, pictures + titles)]).strip()


def _page(root, elements):
    faults = []
    ids = {e.get("id") for e in elements}
    if not root.get("lang"):
        faults.append("<html> without lang")
    if not (root.findtext("head/title") or "").strip():
        faults.append("no title")
    for element in elements:
        for name in REFERENCES:
            for wanted in (element.get(name) or "").split():
                if wanted not in ids:
                    faults.append(f"<{element.tag} {name}={wanted!r}>: no such id")
        for name in SELECTORS:
            for wanted in re.findall(r"^#([\w-]+)$", element.get(name) or ""):
                if wanted not in ids:
                    faults.append(f"<{element.tag} {name}='#{wanted}'>: no such id")
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            faults.append(f"<a href={href!r}>: no such id")
    return faults
