"""The blueprint of signing in; every page that shows who acts for whom leans on it."""

from typing import Any

from flask import Blueprint, current_app, g

from siweb.auth.sign_in import browser
from siweb.auth.sign_in.unauthorized import answer_without_sign_in
from siweb.web.visitor import answer_to_strangers, loader

blueprint = Blueprint("auth", __name__)
blueprint.after_app_request(browser.remember_device)
loader(browser.load_signed_in)
answer_to_strangers(answer_without_sign_in)


@blueprint.app_context_processor
def acting_for_whom() -> dict[str, Any]:
    """Give every page the employer or person acted for, shown under its header."""
    return {"acting": g.get("acting"), "helped": g.get("helped")}


@blueprint.app_url_defaults
def stay_with_the_employer(endpoint: str, values: dict[str, Any]) -> None:
    """Fill in the code of the employer acted for where an address wants one."""
    if "acting" in g and current_app.url_map.is_endpoint_expecting(endpoint, "uscc"):
        values.setdefault("uscc", g.acting.uscc)


@blueprint.app_url_defaults
def stay_with_the_helped(endpoint: str, values: dict[str, Any]) -> None:
    """Fill in the mandate of the person acted for where an address can have one."""
    # The frame of a page, drawn for all alike, leads to the visitor's own pages (`web/drawn.py`).
    if "helped" in g and current_app.url_map.is_endpoint_expecting(endpoint, "helped"):
        values.setdefault("helped", g.helped.reference)
