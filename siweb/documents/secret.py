"""The key of papers, as issuing and printing a document need it."""

from typing import cast

from flask import current_app


def document_secret() -> str:
    """Return the key of the codes on papers; only for entry points."""
    return cast("str", current_app.config["PAPER_KEY"])
