"""The yearly review of bases: the employer's page of it, and what its employees are asked.

The latter is among the pages of filings by its address; here, since these know no campaigns.
"""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import acting, acting_for, signed_in, visitor
from siweb.desk.reviews.campaigns.employers import months_of
from siweb.filings.declared.base_progress import BaseState, count_bases
from siweb.filings.declared.base_results import result_of
from siweb.filings.declared.find import declared_about
from siweb.filings.views import blueprint as filings
from siweb.portal.base_review.shown import shown_review
from siweb.portal.base_review.waiting import last_days_of
from siweb.web.charts.progress import Progress
from siweb.web.database import db_session
from siweb.web.language.formats import count
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("base_review", __name__, url_prefix="/employer/<uscc>")
STATES = {
    BaseState.OBJECTED: _l("Objected to"),
    BaseState.UNDECLARED: _l("Not declared"),
    BaseState.SILENT: _l("Declared, no answer yet"),
    BaseState.CONFIRMED: _l("Confirmed by the employee"),
}
TONES = {
    BaseState.OBJECTED: "bad",
    BaseState.UNDECLARED: "warn",
    BaseState.CONFIRMED: "good",
}


@blueprint.get("/base-review")
@acting_for("viewer")
def show_review() -> str:
    """Show what is declared, who confirmed, who objected, who is silent, and what follows."""
    employer, on, page = acting(), clock.today(), page_asked()
    found = read_once(shown_review, employer.employer_id, employer.region_code, on, page)
    if found is None:
        return render_template("portal/base_review/review.html", campaign=None)
    campaign = found.campaign
    counts = count_bases(db_session(), employer.employer_id, months_of(campaign))
    result = result_of(db_session(), campaign.id, employer.employer_id)
    everybody = sum(counts.values())
    return render_template(
        "portal/base_review/review.html",
        campaign=campaign,
        counts=counts,
        rows=[(STATES[state], count(number)) for state, number in counts.items()],
        lines=found.lines,
        has_more=found.has_more,
        page=page,
        states=STATES,
        tones=TONES,
        declared=Progress(everybody - counts[BaseState.UNDECLARED], everybody),
        is_over=not campaign.is_open(on),
        result=None
        if result is None
        else [(STATES[state], count(result[state])) for state in BaseState],
    )


@filings.get("/declared", endpoint="show_declared")
@signed_in
def show_declared() -> str:
    """Show what employers declared about me, and until when my answer is asked for."""
    session, on = db_session(), clock.today()
    found = declared_about(session, visitor().person_id)
    last_days = last_days_of(session, found, on=on)
    return render_template("filings/declared.html", declared=found, last_days=last_days, on=on)
