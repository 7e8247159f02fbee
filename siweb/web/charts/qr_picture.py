"""QR codes of addresses for screens: drawn in the page itself, so that no policy is loosened."""

import segno
from markupsafe import Markup

# Light modules around it, without which readers do not find it (ISO/IEC 18004, 9.1).
_BORDER = 4
# A module of five pixels is read from an arm's length off the screen of a counter.
_SCALE = 5


def qr_picture(address: str, width: int = 0) -> Markup:
    """Return the QR code of an address as inline SVG, black on white in a dark page as well.

    With a `width` in pixels it is that wide where there is room, and shrinks as a whole elsewhere.
    """
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=_SCALE,
        border=_BORDER,
        light="#fff",
        svgclass=None,
        lineclass=None,
        # Without a size of its own it has a `viewBox`: cut off at a phone's edge nothing reads it.
        omitsize=bool(width),
    )
    if width:
        drawn = drawn.replace("<svg ", f'<svg width="{width}" ', 1)
    # Drawn by us from an address of ours: nothing in it was typed.
    return Markup(drawn)  # noqa: S704
