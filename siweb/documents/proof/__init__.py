"""Papers that prove themselves: a signed statement in the QR code, the data attached to the PDF."""
