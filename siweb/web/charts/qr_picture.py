"""QR codes of addresses for screens: drawn in the page itself, so that no policy is loosened."""

import segno
from markupsafe import Markup

# Light modules around it, without which readers do not find it (ISO/IEC 18004, 9.1).
_BORDER = 4
# A module of five pixels is read from an arm's length off the screen of a counter.
_SCALE = 5


def qr_picture(address: str) -> Markup:
    """Return the QR code of an address as inline SVG, black on white in a dark page as well."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=_SCALE, border=_BORDER, light="#fff", svgclass=None, lineclass=None
    )
    # Drawn by us from an address of ours: nothing in it was typed.
    return Markup(drawn)  # noqa: S704
