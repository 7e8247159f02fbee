"""Let helpers in: each page that is allowed has a second address, with the mandate in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Flask, abort, current_app, g
from werkzeug.exceptions import NotFound

from siweb import clock
from siweb.auth.helping.helped import Helped, find_helped, is_over
from siweb.auth.sign_in.signed_in import SignedIn
from siweb.helping.allowed import ALLOWED, Needs
from siweb.web.database import db_session
from siweb.web.visitor import ask_to_sign_in, who

# Whoever they act for: papers that the visitor handed in are their own, and so is the sign-in,
# which every page asks to go on (an answer of another page would let it end).
_STAYS_OWN = frozenset({"evidence.show_own_scan", "auth.stay_signed_in"})


class HelpOver(NotFound):
    """When the visitor's own mandate was ended or ran out: not there any more, in words."""

    worded_as = "help_over"


def install(app: Flask) -> None:
    """Give every allowed page its second address, and its guard.

    Called after whatever else stands around the views: nothing of a page runs before the guard.
    """
    for endpoint, needs in ALLOWED.items():
        for rule in list(app.url_map.iter_rules(endpoint)):
            if "helped" not in rule.arguments:
                methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
                app.add_url_rule(f"/for/<helped>{rule.rule}", endpoint, methods=methods)
        app.view_functions[endpoint] = _guarded(app.view_functions[endpoint], needs)
    app.jinja_env.globals["url_for"] = _covered(
        cast("Callable[..., str]", app.jinja_env.globals["url_for"])
    )
    app.jinja_env.globals["is_covered"] = _is_covered


def _guarded(view: Callable[..., Any], needs: Needs) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, helped: str | None = None, **values: Any) -> Any:
        if helped is None:
            return view(*args, **values)
        if who() is None:
            return ask_to_sign_in()
        me = cast("SignedIn", who())
        found = find_helped(db_session(), me.account_id, helped, me.duties, on=clock.today())
        g.helped = found
        if found is None and is_over(db_session(), me.account_id, helped, on=clock.today()):
            g.pop("helped")
            # Its own helper may know: they find out in the middle of a form.
            raise HelpOver
        # Another's and one that never was answer alike.
        if found is None or not needs.are_met(found.kinds, values):
            g.pop("helped")
            abort(404)
        return view(*args, **values)

    return guarded


def _covered(address: Callable[..., str]) -> Callable[..., str]:
    """Return the templates' `url_for`, made of the one that they had, which keeps what it wrote."""

    def covered(endpoint: str, **values: Any) -> str:
        """Return an address for a page; while somebody acts for another, one of that person's.

        What the mandate does not hold leads to a page that says so: under the name of one person
        no link leads to the pages of another.
        """
        if not _is_covered(endpoint):
            return address("helping.show_not_covered")
        return address(endpoint, **values)

    return covered


def _is_covered(endpoint: str) -> bool:
    """Return whether a link to a page leads there: a template leaves out what would not.

    Whoever acts for nobody but themselves finds everything covered.
    """
    found = cast("Helped | None", g.get("helped"))
    if found is None or endpoint in _STAYS_OWN or not _is_own(endpoint):
        return True
    needs = ALLOWED.get(endpoint)
    return needs is not None and bool(needs.kinds & found.kinds)


def _is_own(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    is_helping = endpoint.startswith("helping.")
    return not is_helping and getattr(view, "access", None) == "signed_in"
