"""Who acts for a person, and whom they act for, at the counter."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, may
from siweb.auth.credentials.activate import same_name
from siweb.auth.helping.community import end_appointment
from siweb.auth.helping.end import end_mandates
from siweb.auth.helping.find import Helper, appointments_of, helpers_of
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpMandate
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.people.helping.actions import APPOINT_HELPER, END_GUARDIAN, GIVE_HELP
from siweb.desk.people.helping.forms import AppointForm, EndGuardianForm, GrantForm
from siweb.desk.people.pages.head import head_of
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.tasks.find import open_tasks_of
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.read_once import read_once

blueprint = Blueprint("help_desk", __name__, url_prefix="/desk/people")
_APPOINT, _END = "appoint-", "end-"


def of_mandate(session: Session, mandate_id: int) -> Subject | None:
    """Return the person for whom somebody may act."""
    mandate = session.get(HelpMandate, mandate_id)
    return None if mandate is None else of_person(session, mandate.person_id)


def of_appointed(session: Session, community_helper_id: int) -> Subject | None:
    """Return the person whom the office appointed to help others."""
    appointed = session.get(CommunityHelper, community_helper_id)
    return None if appointed is None else of_person(session, appointed.person_id)


@blueprint.get("/<int:person_id>/helpers")
@duty(Function.REGISTRATION, of=of_person)
def show_helpers(person_id: int) -> str:
    return _page(person_id)


@blueprint.post("/<int:person_id>/helpers/give")
@duty(Function.REGISTRATION, of=of_person)
def give(person_id: int) -> Any:
    """Let somebody act for the person by a paper, once another has checked it."""
    form = GrantForm()
    if form.validate():
        helper_id = _helper_of(form)
        if helper_id is None:
            form.show_refusal("nobody", _("The register has nobody with this number and name."))
        elif _sent(
            GIVE_HELP,
            person_id,
            form,
            {
                "helper_id": helper_id,
                "kinds": sorted(form.chosen()),
                "until_on": form.until_on.data.isoformat(),
                "basis": form.basis.data,
            },
        ):
            return _show(person_id, str(SENT))
    return _page(person_id, giving=form), 422


@blueprint.post("/<int:person_id>/helpers/appoint")
@duty(Function.REGISTRATION, of=of_person)
def appoint(person_id: int) -> Any:
    """Appoint the person to help others of the region, once another has checked it."""
    form = AppointForm(prefix=_APPOINT)
    if form.validate():
        change = {
            "region_code": db_session().get_one(Person, person_id).region_code,
            "organisation": form.organisation.data or "",
            "until_on": form.until_on.data.isoformat(),
        }
        if _sent(APPOINT_HELPER, person_id, form, change):
            return _show(person_id, str(SENT))
    return _page(person_id, appointing=form), 422


@blueprint.post("/helpers/<int:mandate_id>/end")
@duty(Function.REGISTRATION, of=of_mandate)
def end(mandate_id: int) -> Response:
    """End what somebody may do for a person, who stands at the counter, or whose paper does."""
    session = db_session()
    if session.get_one(HelpMandate, mandate_id).basis is HelpBasis.GUARDIANSHIP:
        # A court or a committee named them: its paper ends it, and two people read that.
        abort(404)
    # Twice is once: the second press finds nothing open, and says the same.
    end_mandates(session, HelpMandate.id == mandate_id, actor=actor(), at=clock.now())
    session.commit()
    person_id = session.get_one(HelpMandate, mandate_id).person_id
    return _show(person_id, _("Ended. Both are told."))


@blueprint.post("/<int:person_id>/helpers/end-guardian")
@duty(Function.REGISTRATION, of=of_person)
def end_guardian(person_id: int) -> Any:
    """End a guardian's mandate by the court's or committee's paper, once another has checked it."""
    form = _end_form(person_id, EndGuardianForm(prefix=_END))
    if form.validate():
        helper_id = next(
            each.person_id for each in _guardians(person_id) if each.mandate.id == form.mandate.data
        )
        change = {"mandate_id": form.mandate.data, "helper_id": helper_id}
        if _sent(END_GUARDIAN, person_id, form, change):
            return _show(person_id, str(SENT))
    return _page(person_id, ending=form), 422


@blueprint.post("/helpers/appointed/<int:community_helper_id>/end")
@duty(Function.REGISTRATION, of=of_appointed)
def end_appointed(community_helper_id: int) -> Response:
    """End the appointment of somebody, and all that rests on it."""
    session = db_session()
    appointed = session.get_one(CommunityHelper, community_helper_id)
    end_appointment(session, appointed, actor=actor(), at=clock.now())
    session.commit()
    return _show(appointed.person_id, _("Ended. Those whom the helper helped are told."))


def helpers_shown(person_id: int) -> list[Helper]:
    """Return who acts or acted for the person; the access log asks too."""
    return read_once(_helpers, person_id)


def _helpers(session: Session, person_id: int) -> list[Helper]:
    return list(helpers_of(session, person_id, on=clock.today()))


def _guardians(person_id: int) -> list[Helper]:
    return [
        each
        for each in helpers_shown(person_id)
        if each.is_open and each.mandate.basis is HelpBasis.GUARDIANSHIP
    ]


def _end_form(person_id: int, form: EndGuardianForm) -> EndGuardianForm:
    form.mandate.choices = [(each.mandate.id, each.name) for each in _guardians(person_id)]
    return form


def _helper_of(form: GrantForm) -> int | None:
    session = db_session()
    found = find_person(session, form.id_number.data)
    name = "" if found is None else session.get_one(Person, found).name
    # By number and name: a slip in the number would let a stranger act.
    return found if same_name(name, form.helper_name.data or "") else None


def _waiting(session: Session, person_id: int) -> list[Task]:
    kinds = {GIVE_HELP.kind, APPOINT_HELPER.kind, END_GUARDIAN.kind}
    return [task for task in open_tasks_of(session, person_id) if task.kind in kinds]


def _sent(
    action: TwoPersonAction,
    person_id: int,
    form: GrantForm | AppointForm | EndGuardianForm,
    change: dict[str, Any],
) -> bool:
    person = standing_person(person_id, "help_desk.show_helpers")

    def send() -> None:
        send_to_check(
            action,
            f"{action.kind}:{person.id}:{change.get('helper_id', '')}",
            {"person_id": person.id, **change},
            form.paper.data,
            region_code=person.region_code,
            person_id=person.id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    return carried_out(form, send, lambda refused: why(refused, action))


def _show(person_id: int, words: str) -> Response:
    flash(words)
    return redirect(url_for("help_desk.show_helpers", person_id=person_id), 303)


def _page(
    person_id: int,
    *,
    giving: GrantForm | None = None,
    appointing: AppointForm | None = None,
    ending: EndGuardianForm | None = None,
) -> str:
    session = db_session()
    person = standing_person(person_id, "help_desk.show_helpers")
    return render_template(
        "desk/people/helpers.html",
        head=head_of(person, "helpers"),
        person=person,
        helpers=helpers_shown(person_id),
        appointments=appointments_of(session, person_id),
        waiting=waiting_tasks(_waiting(session, person_id)),
        giving=giving or GrantForm(None),
        appointing=appointing or AppointForm(None, prefix=_APPOINT),
        ending=(ending or _end_form(person_id, EndGuardianForm(None, prefix=_END)))
        if _guardians(person_id)
        else None,
        has_register=may(Function.REGISTRATION) and person.died_on is None,
        today=clock.today(),
    )
