"""One address serves the page and the piece of it that htmx swaps."""

from typing import Any

from flask import render_template, request


def wants_piece() -> bool:
    """Return whether htmx asks for a piece; a restored history entry wants the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def render_page(page: str, piece: str, **values: Any) -> str:
    """Render `piece` for htmx and `page`, which includes the same piece, for everyone else."""
    return render_template(piece if wants_piece() else page, **values)
