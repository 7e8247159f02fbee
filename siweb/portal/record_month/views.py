"""A month of one's own record, from what was declared to what is in the account."""

from flask import Blueprint, abort, render_template

from siweb import clock
from siweb.auth.access import signed_in, whose
from siweb.ledgers.labels import MARKS, RECORD_KINDS
from siweb.ledgers.record.first_year import is_recorded_year
from siweb.ledgers.record.month import load_month
from siweb.portal.record_month.facts import load_facts
from siweb.portal.record_month.labels import AMOUNTS, STEPS, WRONG, cause_text
from siweb.portal.record_month.steps import steps_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError
from siweb.web.database import db_session

blueprint = Blueprint("record_month", __name__)


@blueprint.get("/record/months/<month>")
@signed_in
def show_month(month: str) -> str:
    on = clock.today()
    try:
        month = parse_month(month)
    except RuleError:
        abort(404)
    if not is_recorded_year(int(month[:4]), on):
        abort(404)
    session, person_id = db_session(), whose()
    record = load_month(session, person_id, month, packs_in_force(session), on=on)
    facts = load_facts(session, person_id, month, record)
    return render_template(
        "portal/record_month/month.html",
        month=month,
        record=record,
        marks=MARKS,
        kinds=RECORD_KINDS,
        payers=steps_of(record, facts, on=on),
        steps=STEPS,
        amounts=AMOUNTS,
        cause_text=cause_text,
        wrong=WRONG,
    )
