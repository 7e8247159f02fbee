"""A person's own benefits: how they stand, and each month."""

from flask import Blueprint, render_template

from siweb import clock
from siweb.auth.access import signed_in, whose
from siweb.ledgers.benefits.labels import BENEFITS, ENTRIES, STATES
from siweb.ledgers.benefits.months import benefit_months
from siweb.ledgers.benefits.withdrawn import drawn_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.benefits.own import own_benefits
from siweb.web.database import db_session
from siweb.web.language.labels import template_labels
from siweb.web.paging import page_asked

blueprint = Blueprint("benefits", __name__)
template_labels(blueprint, benefit_words={"kinds": BENEFITS, "states": STATES, "entries": ENTRIES})


@blueprint.get("/record/benefits")
@signed_in
def show_benefits() -> str:
    session, person_id, page = db_session(), whose(), page_asked()
    packs, on = packs_in_force(session), clock.today()
    months, has_more = benefit_months(session, person_id, page=page)
    found = drawn_of(session, person_id)
    drawn = [benefit for benefit, _undue in found]
    return render_template(
        "reviews/benefits/benefits.html",
        benefits=own_benefits(session, person_id, drawn, packs=packs, on=on) if drawn else [],
        withdrawn={benefit.id: undue for benefit, undue in found if undue is not None},
        months=months,
        has_more=has_more,
        page=page,
    )
