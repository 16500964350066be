"""Codes to scan with a camera."""

import segno
from markupsafe import Markup


def qr(url: str) -> Markup:
    """A QR code as an SVG element; black on white in the dark, too, for cameras need that."""
    drawing = segno.make(url, error="m", micro=False)
    return Markup(
        drawing.svg_inline(omitsize=True, svgclass="qr", lineclass=None, light="#fff", border=3)
    )
