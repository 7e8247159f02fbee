"""A person's own benefits, month by month."""

from flask import Blueprint, render_template

from siweb.auth.access import signed_in, visitor
from siweb.ledgers.benefits.labels import BENEFITS, ENTRIES, STATES
from siweb.ledgers.benefits.months import benefit_months, benefits_of
from siweb.web.database import db_session
from siweb.web.language.labels import template_labels
from siweb.web.paging import page_asked

blueprint = Blueprint("benefits", __name__)
template_labels(blueprint, benefit_words={"kinds": BENEFITS, "states": STATES, "entries": ENTRIES})


@blueprint.get("/record/benefits")
@signed_in
def show_benefits() -> str:
    session, person_id, page = db_session(), visitor().person_id, page_asked()
    months, has_more = benefit_months(session, person_id, page=page)
    return render_template(
        "ledgers/benefits/benefits.html",
        benefits=benefits_of(session, person_id),
        months=months,
        has_more=has_more,
        page=page,
    )
