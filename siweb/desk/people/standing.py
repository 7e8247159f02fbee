"""A registration that was joined to another one: its pages lead to the one that stands."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l

from siweb.auth.access import subject
from siweb.registry.tables.person import Person
from siweb.web.database import db_session

_LEADS = _l("This registration was joined with another one: this is the one that stays.")
_NOT_DONE = _l(
    "This registration was joined with another one. Nothing was saved: do it here, with the one "
    "that stays."
)


def standing_person(person_id: int, page: str) -> Person:
    """Return the person of an address, in a view whose subject is `of_person`.

    A former registration's page leads to the same one of that which stands. Its forms are refused
    and lead to `page`: who typed them had another registration before their eyes.
    """
    standing = subject().standing_id
    if standing is not None:
        is_read = request.method in {"GET", "HEAD"}
        flash(str(_LEADS if is_read else _NOT_DONE))
        values = {**(request.view_args or {}), "person_id": standing}
        to = url_for(str(request.endpoint), **values) if is_read else None
        # An objection that a correction begins with stands in the query: it goes along as text.
        if to and request.query_string:
            to += "?" + request.query_string.decode("ascii", "replace")
        abort(redirect(to or url_for(page, person_id=standing), 303))
    person = db_session().get(Person, person_id)
    if person is None:
        abort(404)
    return person
