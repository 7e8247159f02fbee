"""The desk's pages of cases: what was found, proposed and decided, by two people."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.collection.assessments.decide import decide, drop, undecidable
from siweb.collection.assessments.find import (
    Case,
    cases_in,
    count_by_state,
    find_case,
)
from siweb.collection.assessments.labels import REFUSALS
from siweb.collection.assessments.notice import give_notice
from siweb.collection.assessments.propose import propose_all, propose_found
from siweb.collection.assessments.settle import settle, settle_all
from siweb.collection.assessments.undeclared.find import find_undeclared
from siweb.collection.payments.office_order import office_order
from siweb.collection.tables.assessment import AssessmentState
from siweb.desk.assessments.forms import ComparisonForm, DecisionForm, HeadcountForm
from siweb.desk.subjects import of_assessment
from siweb.documents.secret import document_secret
from siweb.documents.views import paper_answer
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import Refusal, RuleError
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked

blueprint = Blueprint("assessment_desk", __name__, url_prefix="/desk/assessments")


@blueprint.get("")
@duty(Function.CONTRIBUTIONS)
def show_cases() -> str:
    return _cases(_comparison_form())


@blueprint.post("/look")
@duty(Function.CONTRIBUTIONS)
def compare() -> Any:
    """Look for missing declarations, settle what was filed, propose what has an amount."""
    form, session = _comparison_form(), db_session()
    if not form.validate():
        return _cases(form), 422
    region, month = form.region.data, form.month.data
    do, on, at = request.form.get("do", ""), clock.today(), clock.now()
    packs = packs_in_force(session)
    try:
        if do == "settle":
            done = settle_all(
                session, region, packs=packs, actor=actor(), on=on, at=at, order=office_order()
            )
            message = _("Settled: %(count)s.", count=done.settled)
        elif do == "propose":
            count = propose_all(session, region, packs=packs, actor=actor(), on=on, at=at)
            message = _("Proposed: %(count)s.", count=count)
        else:
            found = find_undeclared(
                session, region, month, packs=packs, actor=actor(), on=on, at=at
            )
            message = _(
                "Found: %(cases)s; without a last month: %(without)s; bases raised: %(bases)s.",
                cases=found.cases,
                without=found.without_last_month,
                bases=found.raised_bases,
            )
    except RuleError as refused:
        session.rollback()
        form.show_refusal(refused.code, _why(refused))
        return _cases(form), 422
    session.commit()
    flash(message)
    return redirect(url_for("assessment_desk.show_cases"), 303)


@blueprint.get("/<reference>")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def show_case(reference: str) -> str:
    case = _case(reference)
    return _page(case, _basis_form(case))


@blueprint.post("/<reference>/propose")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def propose(reference: str) -> Any:
    case = _case(reference)
    form = _basis_form(case)
    if form is not None and not form.validate():
        return _page(case, form), 422
    basis = form.basis(form.headcount.data or 1) if form is not None else None
    return _done(
        case,
        form,
        lambda: propose_found(
            db_session(),
            case.assessment,
            basis,
            packs=packs_in_force(db_session()),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        ),
        _("Proposed. The employer may answer now."),
    )


@blueprint.post("/<reference>/decide")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def decide_case(reference: str) -> Any:
    case, form = _case(reference), DecisionForm()
    if not form.validate():
        return _page(case, None, form), 422
    return _done(case, form, lambda: _decide(case, form.words.data or ""), "")


@blueprint.post("/<reference>/drop")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def drop_case(reference: str) -> Any:
    case, form = _case(reference), DecisionForm()
    if not form.validate():
        return _page(case, None, form), 422
    return _done(
        case,
        form,
        lambda: drop(
            db_session(), case.assessment, form.words.data or "", actor=actor(), at=clock.now()
        ),
        _("Ended without payment."),
    )


@blueprint.post("/<reference>/settle")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def settle_case(reference: str) -> Any:
    case = _case(reference)
    return _done(
        case,
        None,
        lambda: settle(
            db_session(),
            case.assessment,
            packs=packs_in_force(db_session()),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
            order=office_order(),
        ),
        _("Settled."),
    )


@blueprint.get("/<reference>/notice.pdf")
@duty(Function.CONTRIBUTIONS, of=of_assessment)
def send_notice(reference: str) -> Response:
    notice = _case(reference).notice
    if notice is None:
        abort(404)
    return paper_answer(notice)


def _decide(case: Case, words: str) -> None:
    session, on, at = db_session(), clock.today(), clock.now()
    packs = packs_in_force(session)
    bill = decide(session, case.assessment, words, packs=packs, actor=actor(), on=on, at=at)
    if bill is None:
        flash(_("What was missing was filed meanwhile: the case has ended."))
        return
    give_notice(
        session,
        case.assessment,
        bill,
        packs=packs,
        actor=actor(),
        on=on,
        at=at,
        secret=document_secret(),
    )
    flash(_("Decided."))


def _done(case: Case, form: PageForm | None, act: Callable[[], Any], message: str) -> Any:
    """Do an action and go back to the case; what is refused stands above its form."""
    reference, form = case.assessment.reference, form or DecisionForm(None)
    if not carried_out(form, act, _why):
        again = _case(reference)
        is_basis = isinstance(form, HeadcountForm)
        page = _page(again, form, None) if is_basis else _page(again, _basis_form(again), form)
        return page, 422
    if message:
        flash(message)
    return redirect(url_for("assessment_desk.show_case", reference=reference), 303)


def _why(refused: Refusal) -> str:
    code = "parameter_missing" if isinstance(refused, RuleError) else refused.code
    return str(REFUSALS[code])


def _case(reference: str) -> Case:
    found = find_case(db_session(), reference)
    if found is None:
        abort(404)
    return found


def _page(case: Case, basis: HeadcountForm | None, decision: DecisionForm | None = None) -> str:
    me = actor().account_id
    return render_template(
        "desk/assessments/case.html",
        case=case,
        basis=basis,
        decision=decision or DecisionForm(None),
        is_mine=case.assessment.proposed_by_account_id == me,
        undecidable=(
            undecidable(db_session(), case.assessment, clock.today())
            if case.assessment.state is AssessmentState.PROPOSED
            else None
        ),
        on=clock.today(),
    )


def _basis_form(case: Case) -> HeadcountForm | None:
    """Return the form of a case that was found without an amount."""
    assessment = case.assessment
    if assessment.state is not AssessmentState.FOUND or assessment.amounts:
        return None
    form = HeadcountForm()
    if not form.is_submitted():
        form.from_month.data, form.to_month.data = assessment.from_month, assessment.to_month
    return form


def _comparison_form() -> ComparisonForm:
    form = ComparisonForm()
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    if not form.is_submitted():
        form.month.data = add_months(month_of(clock.today()), -1)
    return form


def _cases(form: ComparisonForm) -> str:
    typed, page = request.args.get("state", ""), page_asked()
    state = AssessmentState(typed) if typed in set(AssessmentState) else None
    session = db_session()
    cases, has_more = cases_in(session, state, scope=scope(), page=page)
    return render_template(
        "desk/assessments/cases.html",
        cases=cases,
        has_more=has_more,
        page=page,
        state=state,
        counts=count_by_state(session, scope=scope()),
        form=form,
        on=clock.today(),
    )
