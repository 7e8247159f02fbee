"""What employers and insured people see of assessments: cases, hearing, notice; own reports."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor, signed_in, visitor
from siweb.collection.assessments.find import Case, case_facts, cases_of_employer, find_case
from siweb.collection.assessments.forms import HearingForm, ReportForm
from siweb.collection.assessments.hear import hear, may_be_heard
from siweb.collection.assessments.labels import (
    BASE_RULES,
    KINDS,
    ORIGINS,
    REFUSALS,
    REPORT_ORIGINS,
    REPORT_STATES,
    STATES,
    TONES,
)
from siweb.collection.assessments.reports.report_hire import report_own_hire, reports_of
from siweb.collection.payments.bank_reference import printed
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.documents.views import paper_answer
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, ASSESSMENT_PROPOSED
from siweb.messages.served import Effect, effect_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.rules.numbers.money import capital_numerals
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import template_labels

blueprint = Blueprint("assessments", __name__)


# The templates name the states and kinds of assessments.
template_labels(
    blueprint,
    assessment_words={
        "kinds": KINDS,
        "states": STATES,
        "tones": TONES,
        "origins": ORIGINS,
        "base_rules": BASE_RULES,
        "report_origins": REPORT_ORIGINS,
        "report_states": REPORT_STATES,
        "printed": printed,
        "capitals": capital_numerals,
        "facts": case_facts,
    },
)


@blueprint.get("/employer/<uscc>/assessments")
@acting_for("viewer")
def show_cases() -> str:
    found = cases_of_employer(db_session(), acting().employer_id)
    return render_template("collection/assessments/cases.html", cases=found, on=clock.today())


@blueprint.get("/employer/<uscc>/assessments/<reference>")
@acting_for("viewer")
def show_case(reference: str) -> str:
    case = _case(reference)
    return render_template(
        "collection/assessments/case.html",
        case=case,
        may_be_heard=may_be_heard(case.assessment, clock.today()),
        effect=_effect(case.assessment),
        on=clock.today(),
    )


@blueprint.route("/employer/<uscc>/assessments/<reference>/answer", methods=["GET", "POST"])
@acting_for("filer")
def answer(reference: str) -> Any:
    case, form = _case(reference), HearingForm()
    if request.method == "POST" and form.validate():
        if carried_out(form, lambda: _hear(case, form), _why):
            flash(_("The agency has your answer and decides with it."))
            return redirect(url_for("assessments.show_case", reference=reference), 303)
        case = _case(reference)
    elif not may_be_heard(case.assessment, clock.today()):
        return redirect(url_for("assessments.show_case", reference=reference), 303)
    page = render_template("collection/assessments/answer.html", case=case, form=form)
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/employer/<uscc>/assessments/<reference>/notice.pdf")
@acting_for("viewer")
def send_notice(reference: str) -> Response:
    notice = _case(reference).notice
    if notice is None:
        abort(404)
    return paper_answer(notice)


@blueprint.route("/my-work", methods=["GET", "POST"])
@signed_in
def report_employer() -> Any:
    """Take in that the visitor was not registered, and show what became of earlier reports."""
    form, session, me = ReportForm(), db_session(), visitor()
    reported: list[str] = []

    def report() -> None:
        claim = form.claim()
        hire = report_own_hire(session, me.person_id, claim, actor=actor(), at=clock.now())
        reported.append(hire.reference)

    if request.method == "POST" and form.validate() and carried_out(form, report, _why):
        flash(_("Reported. Your number is %(reference)s.", reference=reported[0]))
        return redirect(url_for("assessments.report_employer"), 303)
    reports = reports_of(session, me.person_id)
    page = render_template("collection/assessments/report.html", form=form, reports=reports)
    return page if request.method == "GET" else (page, 422)


def _effect(assessment: Assessment) -> Effect | None:
    """Return since when what the agency proposes or decided has effect."""
    kind = {
        AssessmentState.PROPOSED: ASSESSMENT_PROPOSED,
        AssessmentState.DECIDED: ASSESSMENT_DECIDED,
    }.get(assessment.state)
    if kind is None or (kind is ASSESSMENT_PROPOSED and assessment.heard_at is not None):
        return None
    session, subject = db_session(), ("assessment", assessment.reference)
    packs = packs_in_force(session)
    return effect_of(session, kind, assessment.region_code, subject, packs=packs)


def _hear(case: Case, form: HearingForm) -> None:
    hear(
        db_session(),
        case.assessment,
        form.statement,
        actor=actor(),
        on=clock.today(),
        at=clock.now(),
    )


def _why(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _case(reference: str) -> Case:
    found = find_case(db_session(), reference, acting().employer_id)
    if found is None:
        abort(404)
    return found
