"""The desk's pages of transfers: what is under way, one of them, its next step."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.people.transfers.actions import (
    MOVE_FUND,
    REFUSE_TRANSFER,
    transfer_subject,
)
from siweb.desk.people.transfers.forms import (
    BringFundForm,
    RefusalForm,
    SendFundForm,
    StepForm,
)
from siweb.desk.subjects import of_transfer
from siweb.evidence.papers.paper import Because
from siweb.evidence.scan import Scan
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.transfers.find import FoundTransfer, events_of, find_transfer
from siweb.transfers.labels import REFUSALS
from siweb.transfers.steps import NOTHING_MOVED, StepRefused, take_step
from siweb.transfers.tables.pension_transfer import TransferDirection, TransferState
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.read_once import read_once

blueprint = Blueprint("transfer_desk", __name__, url_prefix="/desk/transfers")
# The steps that one person notes, each by what it follows.
_NOTED = {
    TransferState.APPLIED: TransferState.ACCEPTED,
    TransferState.ACCEPTED: TransferState.FORM,
    TransferState.FUND: TransferState.DONE,
}


@blueprint.get("/<reference>")
@duty(Function.FINANCE, of=of_transfer, about={Insurance.PENSION})
def show_transfer(reference: str) -> str:
    return _page(_found(reference))


@blueprint.post("/<reference>/step")
@duty(Function.FINANCE, of=of_transfer, about={Insurance.PENSION})
def note_step(reference: str) -> Any:
    """Note the next step: the letter, the form, the end."""
    found, form = _found(reference), StepForm()
    step = _NOTED.get(found.transfer.state)

    def act() -> None:
        if step is None:
            raise StepRefused("closed")
        take_step(
            db_session(),
            found.transfer,
            step,
            form.paper.data,
            happened_on=form.paper.data.issued_on,
            packs=packs_in_force(db_session()),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )

    if form.validate() and carried_out(form, act, _why):
        flash(_("Noted. The applicant reads it."))
        return redirect(url_for("transfer_desk.show_transfer", reference=reference), 303)
    return _page(_found(reference), noting=form), 422


@blueprint.post("/<reference>/fund")
@duty(Function.FINANCE, of=of_transfer, about={Insurance.PENSION})
@once
def fund(reference: str) -> Any:
    """Move months and account in the books, once another has checked it."""
    found = _found(reference)
    form = _fund_form(found)
    if form.validate():
        certified = form.certified()
        change = {"certified": None if certified is None else asdict(certified)}
        if _sent(MOVE_FUND, found, form, change, form.papers.data, form.scans.data):
            return _show(reference)
    return _page(_found(reference), moving=form), 422


@blueprint.post("/<reference>/refuse")
@duty(Function.FINANCE, of=of_transfer, about={Insurance.PENSION})
def refuse_one(reference: str) -> Any:
    """Propose to refuse it with reasons."""
    found, form = _found(reference), RefusalForm()
    reasons = form.reasons.data or ""
    if form.validate() and _sent(REFUSE_TRANSFER, found, form, {"words": reasons}, reasons):
        return _show(reference)
    return _page(_found(reference), refusing=form), 422


def _why(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _fund_form(found: FoundTransfer, *args: Any) -> BringFundForm | SendFundForm:
    is_in = found.transfer.direction is TransferDirection.IN
    return BringFundForm(*args) if is_in else SendFundForm(*args)


def _sent(
    action: TwoPersonAction,
    found: FoundTransfer,
    form: PageForm,
    change: dict[str, Any],
    because: Because,
    scans: Iterable[Scan] = (),
) -> bool:
    transfer = found.transfer
    named = {"transfer_id": transfer.id, "reference": transfer.reference}

    def send() -> None:
        send_to_check(
            action,
            transfer_subject(transfer),
            {**named, **change},
            because,
            region_code=transfer.region_code,
            person_id=transfer.person_id,
            packs=packs_in_force(db_session()),
            scans=scans,
        )

    return carried_out(form, send, lambda refused: why(refused, action))


def _show(reference: str) -> Response:
    flash(str(SENT))
    return redirect(url_for("transfer_desk.show_transfer", reference=reference), 303)


def _page(
    found: FoundTransfer,
    *,
    noting: StepForm | None = None,
    moving: BringFundForm | SendFundForm | None = None,
    refusing: RefusalForm | None = None,
) -> str:
    transfer = found.transfer
    return render_template(
        "desk/transfers/transfer.html",
        found=found,
        transfer=transfer,
        events=events_of(db_session(), transfer),
        waiting=waiting_about(transfer_subject(transfer), MOVE_FUND, REFUSE_TRANSFER),
        next_step=_NOTED.get(transfer.state),
        may_move=transfer.state is TransferState.FORM,
        may_refuse=transfer.state in NOTHING_MOVED,
        noting=noting or StepForm(None),
        moving=moving or _fund_form(found, None),
        refusing=refusing or RefusalForm(None),
        on=clock.today(),
    )


def _found(reference: str) -> FoundTransfer:
    found = read_once(find_transfer, reference)
    if found is None:
        abort(404)
    return found
