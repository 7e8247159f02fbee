"""The QR code of a paper, as pages and papers draw it."""

import segno

# Light modules around it, without which readers do not find it.
BORDER = 4
MASKS = range(8)
# A writer is meant to draw all eight masks and take the evenest (ISO/IEC 18004, 7.8.3), which
# was half of the time of a paper. What a signature consists of is as even under any of them:
# `make scanned-codes` reads 200 worn ones.
_MASK = 0


def proof_qr(text: str, mask: int = _MASK) -> segno.QRCode:
    """Return the QR code with a paper's signed statement, as dense as old phones still read it."""
    return segno.make(text, error="l", micro=False, boost_error=True, mask=mask)
