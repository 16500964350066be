"""The page of the gallery: every screenshot beside its name, to be chosen by language and look."""

from collections import defaultdict
from html import escape
from itertools import product
from pathlib import Path
from typing import NamedTuple

STYLE = """
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: #e8e6df; color: #151b26; }
header { position: sticky; top: 0; padding: .75rem 1rem; background: #fbfaf5; }
header label { margin-inline-end: 1rem; }
main { display: flex; flex-wrap: wrap; gap: 2rem 1.5rem; padding: 1.5rem; align-items: start; }
figure { margin: 0; }
figcaption { padding-block-end: .375rem; font-weight: 650; }
img { display: none; background: #fff; }
.phone { inline-size: 270px; }
.wide { inline-size: 768px; max-inline-size: 92vw; }
"""


class Shot(NamedTuple):
    """One screenshot; `file` is its place in the gallery's folder."""

    name: str
    language: str
    size: str
    scheme: str

    @property
    def file(self) -> str:
        plain = "".join(c if c.isalnum() else "-" for c in self.name.lower())
        return f"{self.language}/{self.size}-{self.scheme}/{plain}.jpg"


def write(folder: Path, shots: list[Shot]) -> None:
    """`index.html` in the folder of the screenshots; radio buttons choose, no script."""
    by_name: dict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_name[shot.name].append(shot)
    groups = {
        "language": dict.fromkeys(shot.language for shot in shots),
        "size": dict.fromkeys(shot.size for shot in shots),
        "scheme": dict.fromkeys(shot.scheme for shot in shots),
    }
    looks = product(*groups.values())
    rules = "\n".join(f"{_chosen(look)} .{'.'.join(look)} {{ display: block }}" for look in looks)
    choices = "".join(_choice(group, names) for group, names in groups.items())
    figures = "\n".join(_figure(name, taken) for name, taken in by_name.items())
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Kept: every screen</title>'
        f"<style>{STYLE}{rules}</style><header>{choices}</header><main>{figures}</main></html>\n"
    )


def _chosen(look) -> str:
    return "body" + "".join(f":has(#{name}:checked)" for name in look)


def _choice(group: str, names) -> str:
    return "".join(
        f'<label><input type="radio" name="{group}" id="{name}"{" checked" if not n else ""}>'
        f" {name}</label>"
        for n, name in enumerate(names)
    )


def _figure(name: str, taken: list[Shot]) -> str:
    pictures = "".join(
        f'<img class="{shot.language} {shot.size} {shot.scheme}" src="{shot.file}" '
        f'loading="lazy" alt="{escape(name)}, {shot.language}, {shot.size}, {shot.scheme}">'
        for shot in taken
    )
    return f"<figure><figcaption>{escape(name)}</figcaption>{pictures}</figure>"
