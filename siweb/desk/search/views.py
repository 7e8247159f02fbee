"""The desk's one search: a plain form on every page, whose results appear as one types."""

import re
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from siweb.auth.access import duties, duty
from siweb.auth.tables.appointment import Function
from siweb.collection.bills.labels import KINDS as BILLS
from siweb.collection.payments.bank_reference import printed
from siweb.desk.search.find import Found, Hit, search
from siweb.desk.search.kinds import KINDS
from siweb.desk.search.labels import CASES
from siweb.desk.tasks.actions import ACTIONS
from siweb.documents.kinds import KINDS as PAPERS
from siweb.rules.identifiers.typed_text import normalise_number
from siweb.web.htmx import wants_piece
from siweb.web.paging import search_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("search_desk", __name__, url_prefix="/desk/search")
_ADDRESSES = {kind.name: (kind.endpoint, kind.value) for kind in KINDS} | {
    "task": ("task_desk.show_task", "reference")
}
_IS_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)


@blueprint.get("")
@duty(*Function)
def show_results() -> Any:
    """Show what is found; a whole ID number leaves the address at once, for the person's page."""
    found = found_now()
    if wants_piece():
        return _page("desk/search/_results.html", found)
    if _IS_NUMBER.fullmatch(normalise_number(search_asked())):
        people = found.of("person")
        if people:
            return redirect(url_for("people_desk.show_person", person_id=people[0].key), 303)
        if not found.hits:
            return redirect(url_for("search_desk.show_results", nobody="1"), 303)
    return _page("desk/search/results.html", found)


def found_now() -> Found:
    """Return what the address searches for, read once."""
    return read_once(search, search_asked(), duties())


def _page(template: str, found: Found) -> str:
    return render_template(
        template,
        query=search_asked(),
        found=found,
        address=_address,
        cases=CASES,
        bills=BILLS,
        papers=PAPERS,
        actions=ACTIONS,
        printed=printed,
        is_nobody="nobody" in request.args,
    )


def _address(hit: Hit) -> str | None:
    """Return where something found is shown: itself, or whose it is."""
    if hit.kind in _ADDRESSES:
        endpoint, value = _ADDRESSES[hit.kind]
        values: dict[str, Any] = {value: hit.key}
        return url_for(endpoint, **values)
    if hit.kind == "filing" and hit.employer is not None:
        return url_for("employer_desk.show_part", uscc=hit.employer.uscc, part="filings")
    if hit.employer is not None:
        return url_for("employer_desk.show_employer", uscc=hit.employer.uscc)
    if hit.person is not None:
        return url_for("people_desk.show_person", person_id=hit.person.id)
    return None
