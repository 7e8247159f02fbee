"""The QR code of a paper, as pages and papers draw it."""

import segno

# Light modules around it, without which readers do not find it.
BORDER = 4


def proof_qr(text: str) -> segno.QRCode:
    """Return the QR code with a paper's signed statement, as dense as old phones still read it."""
    return segno.make(text, error="l", micro=False, boost_error=True)
