"""The secret key of the app, as issuing and printing a document need it."""

from typing import cast

from flask import current_app


def document_secret() -> str:
    """Return the office's signing key; only for entry points."""
    return cast("str", current_app.config["SECRET_KEY"])
