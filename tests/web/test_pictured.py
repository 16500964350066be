"""What pictures have in common with the pages."""

import re

from habits import ROOT
from habits.web.pictured import PALETTES


def test_its_colours_are_those_of_the_pages():
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, dark = tokens.split(':root[data-theme="dark"]')[:2]
    for palette, css in (("light", light), ("dark", dark)):
        found = dict(re.findall(r"--(\w+): (#\w+);", css.partition("@media")[0]))
        assert {name: found[name] for name in PALETTES[palette]} == PALETTES[palette]
