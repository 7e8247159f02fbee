"""The desk's pages of its own staff: who holds which function, and how one is given or ended."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.credentials.second_factor.set_up_code import LASTS, issue_set_up_code
from siweb.auth.sign_in import browser
from siweb.auth.staff.find import ShownAppointment, find_appointment, list_staff
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.labels import FUNCTIONS
from siweb.desk.checking.send import attach_to_task, doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.staff.actions import APPOINT, END, propose_appointment, propose_end
from siweb.desk.staff.factor import RESET_FACTOR, propose_reset, subject_of
from siweb.desk.staff.forms import AppointForm, EndForm, ResetFactorForm, SetUpCodeForm
from siweb.desk.staff.labels import REFUSALS
from siweb.desk.staff.places import Place, areas_of_office, place_name
from siweb.desk.subjects import of_appointment
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.agency import Agency
from siweb.tasks.two_person_action import Doing
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.read_once import read_once

blueprint = Blueprint("staff_desk", __name__, url_prefix="/desk/staff")
_RESET, _SET_UP = "reset-", "set-up-"


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_staff() -> str:
    return _page(_form())


@blueprint.post("")
@duty(Function.ADMINISTRATION)
def propose_one() -> Any:
    """Propose to give somebody a function."""
    form, session = _form(), db_session()
    if not form.validate():
        return _page(form), 422
    person_id = find_person(session, form.id_number.data)
    if person_id is None:
        form.id_number.errors = [_("The register has nobody with this ID number.")]
        return _page(form), 422
    if not carried_out(
        form,
        lambda: attach_to_task(
            propose_appointment(
                session,
                person_id,
                Function(form.function.data),
                Place.read(form.agency.data),
                form.because.data,
                _doing(),
            ),
            form.scans.data,
        ),
        lambda refused: why(refused, APPOINT),
    ):
        return _page(form), 422
    flash(_("Sent: it takes effect when a second administrator has checked it."))
    return redirect(url_for("staff_desk.show_staff"), 303)


@blueprint.get("/<int:appointment_id>")
@duty(Function.ADMINISTRATION, of=of_appointment)
def show_appointment(appointment_id: int) -> str:
    return _appointment_page(_found(appointment_id))


@blueprint.post("/<int:appointment_id>/end")
@duty(Function.ADMINISTRATION, of=of_appointment)
def propose_ending(appointment_id: int) -> Any:
    """Propose to end somebody's function."""
    shown, form = _found(appointment_id), EndForm()
    if not form.validate():
        return _appointment_page(shown, form), 422
    if not carried_out(
        form,
        lambda: propose_end(db_session(), shown.appointment, form.because.data or "", _doing()),
        lambda refused: why(refused, END),
    ):
        return _appointment_page(_found(appointment_id), form), 422
    flash(_("Sent: it takes effect when a second administrator has checked it."))
    return redirect(url_for("staff_desk.show_staff"), 303)


@blueprint.post("/<int:appointment_id>/reset-factor")
@duty(Function.ADMINISTRATION, of=of_appointment)
def reset_factor(appointment_id: int) -> Any:
    """Propose to take away somebody's lost second factor."""
    shown, form = _found(appointment_id), ResetFactorForm(prefix=_RESET)
    if not form.validate():
        return _appointment_page(shown, reset=form), 422
    if not carried_out(
        form,
        lambda: propose_reset(db_session(), shown, form.because.data or "", _doing()),
        lambda refused: why(refused, RESET_FACTOR),
    ):
        return _appointment_page(_found(appointment_id), reset=form), 422
    flash(_("Sent: it takes effect when a second administrator has checked it."))
    return redirect(url_for("staff_desk.show_staff"), 303)


@blueprint.post("/<int:appointment_id>/set-up-code")
@duty(Function.ADMINISTRATION, of=of_appointment)
def give_set_up_code(appointment_id: int) -> Any:
    """Give the code by which a first second factor is set up: shown once, to be handed over."""
    shown, form, codes = _found(appointment_id), SetUpCodeForm(prefix=_SET_UP), []
    if shown.appointment.ended_at is not None:
        # Who administers a region would reach staff who have left it for another one.
        abort(404)

    def act() -> None:
        codes.append(
            issue_set_up_code(
                db_session(),
                shown.person_id,
                key=browser.signing_key(),
                actor=actor(),
                at=clock.now(),
            )
        )

    if not form.validate() or not carried_out(form, act, lambda no: str(REFUSALS[no.code])):
        return _appointment_page(_found(appointment_id), set_up=form), 422
    lasts = clock.office_day(clock.now() + LASTS)
    return render_template("desk/staff/code.html", shown=shown, code=codes[0], until=lasts)


def _found(appointment_id: int) -> ShownAppointment:
    shown = read_once(find_appointment, appointment_id)
    if shown is None:
        abort(404)
    return shown


def _form() -> AppointForm:
    form = AppointForm()
    form.function.choices = [(each.value, FUNCTIONS[each]) for each in Function]
    asked = select(Agency.id, Agency.name_zh).where(scope().has(Agency.region_code))
    agencies = db_session().execute(asked.order_by(Agency.id))
    # Who administers a region gives nothing beyond it.
    wider = [Place(), *areas_of_office(db_session())] if scope().covers(None) else []
    form.agency.choices = [
        *((place.as_choice, place_name(db_session(), place)) for place in wider),
        *((str(id_), name) for id_, name in agencies),
    ]
    return form


def _page(form: AppointForm) -> str:
    listed = list_staff(db_session(), scope=scope(), on=clock.today())
    return render_template(
        "desk/staff/staff.html",
        form=form,
        staff=[(each, _place(each)) for each in listed],
        functions=FUNCTIONS,
    )


def _appointment_page(
    shown: ShownAppointment,
    form: EndForm | None = None,
    reset: ResetFactorForm | None = None,
    set_up: SetUpCodeForm | None = None,
) -> str:
    end = f"appointment:{shown.appointment.id}"
    return render_template(
        "desk/staff/appointment.html",
        shown=shown,
        place=_place(shown),
        waiting=[*waiting_about(end, END), *waiting_about(subject_of(shown), RESET_FACTOR)],
        form=form or EndForm(None),
        reset=reset or ResetFactorForm(None, prefix=_RESET),
        set_up=set_up or SetUpCodeForm(None, prefix=_SET_UP),
        functions=FUNCTIONS,
    )


def _place(shown: ShownAppointment) -> str:
    held = shown.appointment
    # The agency's name came with the list.
    return shown.agency or place_name(db_session(), Place(None, held.area_code))


def _doing() -> Doing:
    return doing_now(packs_in_force(db_session()))
