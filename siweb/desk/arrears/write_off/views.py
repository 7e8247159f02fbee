"""The desk's page of one write-off: what is open, what was written off, and how it is undone."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for

from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.collection.arrears.find import FoundArrears
from siweb.collection.arrears.write_off import OpenAmounts, open_lines, standing_write_off
from siweb.desk.arrears.labels import STATES, TONES
from siweb.desk.arrears.views import blueprint, found_arrears
from siweb.desk.arrears.write_off.actions import REINSTATE, WRITE_OFF, write_off_values
from siweb.desk.arrears.write_off.facts import open_facts, write_off_facts
from siweb.desk.arrears.write_off.forms import ReinstateForm, WriteOffForm
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.subjects import of_arrears
from siweb.registry.packs.in_force import packs_in_force
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

# The room's own, with the routes that are added to it here.
__all__ = ["blueprint"]


@blueprint.get("/<int:arrears_id>/write-off")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
def show_write_off(arrears_id: int) -> str:
    return _page(found_arrears(arrears_id))


@blueprint.post("/<int:arrears_id>/write-off")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@once
def write_off_one(arrears_id: int) -> Any:
    """Send what cannot be collected to be checked by another one."""
    found, form = found_arrears(arrears_id), WriteOffForm(prefix="off-")

    def send() -> None:
        values = write_off_values(found.arrears, _open(found), form.grounds())
        _send(WRITE_OFF, found, values, form, papers=(form.approval.data,))

    return _done(found, "off", form, send, WRITE_OFF)


@blueprint.post("/<int:arrears_id>/reinstate")
@duty(Function.CONTRIBUTIONS, of=of_arrears)
@once
def reinstate_one(arrears_id: int) -> Any:
    """Send what was written off to be taken up again."""
    found, form = found_arrears(arrears_id), ReinstateForm(prefix="again-")
    values = {"arrears_id": found.arrears.id}
    return _done(found, "again", form, lambda: _send(REINSTATE, found, values, form), REINSTATE)


def _send(
    action: TwoPersonAction,
    found: FoundArrears,
    values: dict[str, Any],
    form: WriteOffForm | ReinstateForm,
    papers: Any = (),
) -> None:
    send_to_check(
        action,
        f"arrears:{found.arrears.id}",
        values,
        form.paper.data,
        region_code=found.arrears.region_code,
        person_id=found.bill.person_id,
        employer_id=found.bill.employer_id,
        packs=packs_in_force(db_session()),
        scans=form.scans.data,
        papers=papers,
    )


def _done(
    found: FoundArrears,
    name: str,
    form: WriteOffForm | ReinstateForm,
    act: Callable[[], None],
    action: TwoPersonAction,
) -> Any:
    arrears_id = found.arrears.id
    if not form.validate():
        # Nothing was tried, so that all is as it was read.
        return _page(found, **{name: form}), 422
    if not carried_out(form, act, lambda refused: why(refused, action)):
        return _page(found_arrears(arrears_id), **{name: form}), 422
    flash(str(SENT))
    return redirect(url_for("arrears_desk.show_write_off", arrears_id=arrears_id), 303)


def _open(found: FoundArrears) -> OpenAmounts:
    return OpenAmounts(open_lines(db_session(), found.bill), found.late_fee_fen)


def _page(found: FoundArrears, **forms: Any) -> str:
    session = db_session()
    standing = standing_write_off(session, found.arrears.id)
    stated = open_facts(_open(found)) if standing is None else write_off_facts(session, standing)
    return render_template(
        "desk/arrears/write_off.html",
        found=found,
        standing=standing,
        stated=list(stated),
        states=STATES,
        tones=TONES,
        # A form that is shown again costs a statement for its key already; eight are the most.
        waiting=[] if forms else waiting_about(f"arrears:{found.arrears.id}", WRITE_OFF, REINSTATE),
        off=forms.get("off") or WriteOffForm(None, prefix="off-"),
        again=forms.get("again") or ReinstateForm(None, prefix="again-"),
    )
