"""What keeps somebody out of a page, as axe finds it, and whether the page fits its screen."""

from pathlib import Path

import axe_playwright_python

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
ALL = "{rules: {'color-contrast-enhanced': {enabled: true}, 'target-size': {enabled: true}}}"
COLOURS = "{runOnly: ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block']}"
ASK = """async () => {
    const {violations} = await axe.run(document, %s);
    return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
}"""
WIDER = "() => document.documentElement.scrollWidth > innerWidth"


def faults(page) -> list[str]:
    """Everything in light and what the colours change in dark, text at 7:1; [] where it is fine."""
    page.evaluate(AXE)
    found = ["wider than its screen"] if page.evaluate(WIDER) else []
    for scheme, asked in (("dark", COLOURS), ("light", ALL)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {each}" for each in page.evaluate(ASK % asked)]
    return found
