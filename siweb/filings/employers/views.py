"""The employer's own pages: whom to act for, roster, one employee (home: siweb/portal/views.py)."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from siweb import clock
from siweb.audit.record import record_activity
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.auth.acting import employers_of
from siweb.filings.employers.done import done_for
from siweb.filings.employers.employee import load_employee
from siweb.filings.employers.export import roster_csv
from siweb.filings.employers.labels import (
    ACTION_LABELS,
    EMPLOYER_KINDS,
    EMPLOYER_STATUSES,
    EMPLOYMENT_FORMS,
    END_REASONS,
    STAFF_STATES,
    TONES,
)
from siweb.filings.employers.roster import RosterFilter, StaffState, load_roster, whole_roster
from siweb.web.database import db_session, write_session, writes
from siweb.web.htmx import render_page
from siweb.web.language.labels import template_labels
from siweb.web.paging import page_asked, search_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("employers", __name__, url_prefix="/employer")
# A whole ID number has no business in an address: its last four characters find as well.
_ID_LENGTH = 15


# The templates name the states and kinds of employers.
template_labels(
    blueprint,
    employer_words={
        "states": STAFF_STATES,
        "tones": TONES,
        "forms": EMPLOYMENT_FORMS,
        "end_reasons": END_REASONS,
        "statuses": EMPLOYER_STATUSES,
        "kinds": EMPLOYER_KINDS,
        "actions": ACTION_LABELS,
    },
)


@blueprint.get("")
@signed_in
def choose() -> str:
    """Show every employer that the visitor may act for."""
    found = employers_of(db_session(), visitor().account_id, on=clock.today())
    return render_template("filings/employers/choose.html", employers=found)


@blueprint.get("/<uscc>/people")
@acting_for("viewer")
def show_roster() -> str | AnyResponse:
    shown = _asked()
    if len(shown.query) >= _ID_LENGTH and shown.query[:-1].isdigit():
        last = url_for("employers.show_roster", q=shown.query[-4:], state=shown.state)
        return redirect(last, 303)
    return render_page(
        "filings/employers/roster.html",
        "filings/employers/_roster.html",
        roster=load_roster(db_session(), acting().employer_id, shown),
    )


@blueprint.get("/<uscc>/people.csv")
@acting_for("viewer")
@writes
def export_roster() -> Response:
    employer_id, shown = acting().employer_id, _asked()
    with write_session() as writer:
        record_activity(
            writer,
            "roster.exported",
            actor=actor(),
            at=clock.now(),
            subject=("employer", employer_id),
            facts={"state": shown.state, "searched": bool(shown.query)},
        )
        writer.commit()
    lines = whole_roster(db_session(), employer_id, shown)
    names = {state.value: str(name) for state, name in STAFF_STATES.items()}
    text = "".join(roster_csv(lines, lambda state: names[state]))
    return Response(
        text,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{acting().uscc}.csv"'},
    )


@blueprint.get("/<uscc>/people/<int:employment_id>")
@acting_for("viewer")
def show_employee(employment_id: int) -> str:
    found = read_once(load_employee, acting().employer_id, employment_id)
    if found is None:
        abort(404)
    return render_template("filings/employers/employee.html", found=found)


@blueprint.get("/<uscc>/done")
@acting_for("owner")
def show_done() -> str:
    lines = done_for(db_session(), acting().employer_id)
    return render_template("filings/employers/done.html", lines=lines)


def _asked() -> RosterFilter:
    typed = request.args.get("state", "")
    return RosterFilter(
        query=search_asked(),
        state=StaffState(typed) if typed in set(StaffState) else None,
        page=page_asked(),
    )
