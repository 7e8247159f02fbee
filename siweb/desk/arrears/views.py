"""The desk's pages of arrears: whom to tell, whose days ran out, who may pay later."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.find import FoundArrears, find_arrears, list_arrears
from siweb.collection.arrears.instalments import ends_too_late, instalments_of
from siweb.collection.arrears.notify import (
    Approval,
    deferral_problem,
    latest_deferral,
    serve_notice,
)
from siweb.collection.bills.views import bill_paper
from siweb.collection.tables.arrears import ArrearsState, DeferredShare
from siweb.desk.arrears.actions import DEFER, PLAN, approval_values
from siweb.desk.arrears.facts import arrears_facts, decision_facts
from siweb.desk.arrears.forms import ApprovalForm, DeferForm, NoticeForm, PlanForm
from siweb.desk.arrears.labels import REFUSALS, STATES, TONES
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.subjects import of_arrears
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session, writes
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.paging import page_asked

blueprint = Blueprint("arrears_desk", __name__, url_prefix="/desk/arrears")


@blueprint.get("")
@duty(Function.CONTRIBUTIONS)
def show_arrears() -> str:
    typed, page = request.args.get("state", ""), page_asked()
    state = ArrearsState(typed) if typed in set(ArrearsState) else None
    found, has_more = list_arrears(
        db_session(),
        state,
        scope=scope(),
        packs=packs_in_force(db_session()),
        on=clock.today(),
        page=page,
    )
    return render_template(
        "desk/arrears/all.html",
        found=found,
        has_more=has_more,
        page=page,
        state=state,
        states=STATES,
        tones=TONES,
        on=clock.today(),
    )


@blueprint.get("/<int:arrears_id>")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
def show_one(arrears_id: int) -> str:
    return _page(found_arrears(arrears_id))


@blueprint.get("/<int:arrears_id>/bill.pdf")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@writes
def send_bill(arrears_id: int) -> Response:
    """Send the bill as it stands today, late fee included, to go with the notice."""
    return bill_paper(found_arrears(arrears_id).bill)


@blueprint.post("/<int:arrears_id>/notice")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@once
def note_notice(arrears_id: int) -> Any:
    found, form = found_arrears(arrears_id), NoticeForm(prefix="notice-")
    if form.validate() and form.received_on.data > clock.today():
        form.received_on.errors = [_("This date lies in the future.")]
    if form.errors:
        return _page(found, notice=form), 422
    recorded = _("Recorded. The time to pay is running.")
    if found.arrears.state is ArrearsState.DEFERRED:
        recorded = _("Recorded. The deferral stays as it is.")
    return _done(
        found,
        "notice",
        form,
        lambda: serve_notice(
            db_session(),
            found.arrears,
            form.received_on.data,
            packs=packs_in_force(db_session()),
            actor=actor(),
            at=clock.now(),
        ),
        recorded,
    )


@blueprint.post("/<int:arrears_id>/defer")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@once
def defer_one(arrears_id: int) -> Any:
    found, form = found_arrears(arrears_id), DeferForm(prefix="defer-")
    is_valid, from_on = form.validate(), form.from_on.data or clock.today()
    if is_valid and form.until.data <= clock.today():
        form.until.errors = [_("Enter a date in the future.")]
    # Said before a second person reads it: the check itself refuses it as well.
    elif not form.errors and (
        problem := deferral_problem(from_on, form.until.data, on=clock.today())
    ):
        form.show_refusal(problem, str(REFUSALS[problem]))
    if form.errors:
        return _page(found, defer=form), 422
    approval = form.approval(
        DeferredShare(form.share.data),
        tuple(Insurance(code) for code in form.insurances.data or ()),
    )
    days = {"from_on": from_on.isoformat(), "until": form.until.data.isoformat()}
    return _done(found, "defer", form, lambda: _send(DEFER, found, days, approval, form), SENT)


@blueprint.post("/<int:arrears_id>/plan")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@once
def plan(arrears_id: int) -> Any:
    found, form = found_arrears(arrears_id), PlanForm(prefix="plan-")
    if form.validate() and form.first_on.data <= clock.today():
        form.first_on.errors = [_("Enter a date in the future.")]
    # Said before a second person reads it: the check itself refuses it as well.
    elif not form.errors and ends_too_late(
        int(form.count.data or 0), form.first_on.data, on=clock.today()
    ):
        form.show_refusal("too_late", str(REFUSALS["too_late"]))
    if form.errors:
        return _page(found, plan=form), 422
    steps = {"count": form.count.data, "first_on": form.first_on.data.isoformat()}
    return _done(
        found,
        "plan",
        form,
        lambda: _send(PLAN, found, steps, form.approval(), form),
        SENT,
    )


def _send(
    action: TwoPersonAction,
    found: FoundArrears,
    change: dict[str, Any],
    approval: Approval,
    form: ApprovalForm,
) -> None:
    """Send what a decision says of arrears to be checked by another one."""
    arrears, bill = found.arrears, found.bill
    send_to_check(
        action,
        f"arrears:{arrears.id}",
        {"arrears_id": arrears.id, **change, **approval_values(approval)},
        form.paper.data,
        region_code=arrears.region_code,
        person_id=bill.person_id,
        employer_id=bill.employer_id,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
    )


def found_arrears(arrears_id: int) -> FoundArrears:
    """Return arrears as of today; a number that is of none is no page."""
    session = db_session()
    found = find_arrears(session, arrears_id, packs=packs_in_force(session), on=clock.today())
    if found is None:
        abort(404)
    return found


def _done(
    found: FoundArrears, name: str, form: PageForm, act: Callable[[], Any], message: Any
) -> Any:
    """Do an action and go back to the arrears; what is refused stands in its form."""
    arrears_id = found.arrears.id
    # What stands against a deferral is said of a plan and a notice as well.
    if not carried_out(form, act, lambda refused: why(refused, DEFER)):
        return _page(found_arrears(arrears_id), **{name: form}), 422
    flash(str(message))
    return redirect(url_for("arrears_desk.show_one", arrears_id=arrears_id), 303)


def _page(found: FoundArrears, **forms: Any) -> str:
    return render_template(
        "desk/arrears/one.html",
        found=found,
        states=STATES,
        tones=TONES,
        on=clock.today(),
        owed=list(arrears_facts(found)),
        decided=list(decision_facts(latest_deferral(db_session(), found.arrears.id))),
        steps=instalments_of(db_session(), found.arrears.id),
        # A form that is shown again costs a statement for its key already; eight are the most.
        waiting=[] if forms else waiting_about(f"arrears:{found.arrears.id}", DEFER, PLAN),
        plan=forms.get("plan") or PlanForm(None, prefix="plan-"),
        notice=forms.get("notice") or NoticeForm(None, prefix="notice-"),
        defer=forms.get("defer") or DeferForm(None, prefix="defer-"),
    )
