"""The page on which a person reads who looked at their data, and who signed in."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, current_app, render_template, request

from siweb import clock
from siweb.audit.access_log.read import access_page
from siweb.audit.access_log.reason import Function
from siweb.audit.access_log.store import AccessLog
from siweb.auth.access import signed_in, visitor
from siweb.auth.sign_in.browser import limits
from siweb.auth.sign_in.own import own_sign_ins
from siweb.ledgers.access_log.labels import (
    END_REASONS,
    FUNCTIONS,
    MANDATES,
    REASONS,
    SHOWN,
)
from siweb.ledgers.access_log.may_read import OPEN_CODES, may_read
from siweb.ledgers.access_log.names import names_of
from siweb.ledgers.access_log.shown import Shown
from siweb.registry.person_keys import keys_of
from siweb.registry.regions.hosted import hosted_regions
from siweb.web.database import db_session
from siweb.web.paging import page_asked

blueprint = Blueprint("access_log", __name__)
_FUNCTIONS = {
    Shown.ALL: frozenset(Function),
    Shown.OFFICES: frozenset({Function.STAFF, Function.STAFF_RELATIVE}),
    Shown.EMPLOYERS: frozenset({Function.VIEWER, Function.FILER, Function.OWNER, Function.PROGRAM}),
    Shown.OTHERS: frozenset(
        {Function.RELATIVE, Function.HELPER, Function.PAPER_HOLDER, Function.CODE_HOLDER}
    ),
}


@blueprint.get("/record/looks")
@signed_in
def show_access_log() -> str:
    """Show who was shown my data, who may be, or my own sign-ins."""
    typed, page = request.args.get("show", ""), page_asked()
    shown = Shown(typed) if typed in set(Shown) else Shown.ALL
    found: dict[Shown, Callable[[], dict[str, Any]]] = {
        Shown.SIGN_INS: lambda: _sign_ins(page),
        Shown.MAY_READ: _may_read,
    }
    values = found.get(shown, lambda: _entries(shown, page))()
    return render_template(
        "ledgers/access_log/access_log.html", shown=shown, choices=SHOWN, page=page, **values
    )


def _entries(shown: Shown, page: int) -> dict[str, Any]:
    session = db_session()
    log = cast("AccessLog", current_app.extensions["siweb_access_log"])
    # The log is a database of its own that knows no aliases: it is asked for every key by number.
    keys = session.scalars(keys_of(visitor().person_id)).all()
    found = access_page(log, keys, _FUNCTIONS[shown], page=page)
    return {
        "days": found.days,
        "has_more": found.has_more,
        "names": names_of(session, found.days),
        "regions": {region.code: region for region in hosted_regions(session)},
        "functions": FUNCTIONS,
        "reasons": REASONS,
    }


def _sign_ins(page: int) -> dict[str, Any]:
    sign_ins, has_more = own_sign_ins(
        db_session(), visitor().account_id, idle=limits().idle, at=clock.now(), page=page
    )
    return {"sign_ins": sign_ins, "has_more": has_more, "end_reasons": END_REASONS}


def _may_read() -> dict[str, Any]:
    session, me, on = db_session(), visitor().person_id, clock.today()
    codes = current_app.extensions[OPEN_CODES](session, me, on=on)
    found = may_read(session, me, on=on)
    return {"found": found, "codes": codes, "mandates": MANDATES, "has_more": False}
