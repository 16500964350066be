"""`make translations`: every text of the code in every catalogue, and each compiled."""

import io
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from habits import ROOT
from habits.languages import FIRST, SPOKEN

PLACES = ROOT / "habits" / "translations"
TRANSLATED = [code for code in SPOKEN if code != FIRST]
METHODS = [
    ("habits/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("habits/starter-commitments.json", "habits.library:extract"),
]
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_pgettext": ((1, "c"), 2),
}


def main() -> None:
    for code in TRANSLATED:
        catalog = read(code)
        catalog.update(deepcopy(texts()), no_fuzzy_matching=True)
        po(code).parent.mkdir(parents=True, exist_ok=True)
        po(code).write_bytes(written(catalog))
        mo(code).write_bytes(compiled(catalog))
        missing = [message.id for message in catalog if message.id and not is_said(message)]
        print(f"{code}: {len(catalog)} texts, {len(missing)} to be translated")


@cache
def texts() -> Catalog:
    """What the code says, in English."""
    catalog = Catalog()
    rows = extract_from_dir(
        ROOT, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, _line, message, comments, context in rows:
        catalog.add(message, None, [(file, 1)], auto_comments=comments, context=context)
    return catalog


def read(code: str) -> Catalog:
    """A language's catalogue, an empty one if it has none yet."""
    if not po(code).exists():
        return Catalog(locale=code, fuzzy=False, project="Kept", creation_date=_long_ago())
    with po(code).open("rb") as file:
        return read_po(file, locale=code)


def po(code: str) -> Path:
    return PLACES / code / "LC_MESSAGES" / "messages.po"


def mo(code: str) -> Path:
    return po(code).with_suffix(".mo")


def written(catalog: Catalog) -> bytes:
    """As text, without what changes whenever a line of code moves."""
    catalog.creation_date = _long_ago()
    catalog.header_comment = f"# {SPOKEN[str(catalog.locale)]}: the texts of Kept."
    catalog.project, catalog.version, catalog.msgid_bugs_address = "Kept", "1", ""
    catalog.last_translator = catalog.language_team = "Kept"
    catalog.revision_date = _long_ago()
    file = io.BytesIO()
    write_po(
        file, catalog, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    return file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def is_said(message) -> bool:
    """Whether it is translated, in each of its plural forms."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings)


def _long_ago() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


if __name__ == "__main__":
    main()
