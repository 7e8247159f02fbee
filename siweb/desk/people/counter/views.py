"""The counter's pages: register a person, say how they are reached, give a code."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.sign_in import browser
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.people.counter.actions import give_code, register_at_counter
from siweb.desk.people.counter.forms import CodeForm, ContactForm, RegisterForm
from siweb.desk.people.counter.labels import REFUSALS, Handed
from siweb.desk.people.counter.letter import code_letter
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.registry.change_contact import change_contact
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.web.addresses import public_address
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name

blueprint = Blueprint("counter_desk", __name__, url_prefix="/desk/counter")
_CODE, _CONTACT = "code-", "contact-"


@blueprint.get("/register")
@duty(Function.REGISTRATION, Function.ADMINISTRATION)
def show_registration() -> str:
    return render_template("desk/counter/register.html", form=_register_form())


@blueprint.post("/register")
@duty(Function.REGISTRATION, Function.ADMINISTRATION)
def register() -> Any:
    """Register a person whom no employer has declared, by the ID card."""
    form, registered = _register_form(), []

    def act() -> None:
        registered.append(
            register_at_counter(
                db_session(),
                form.id_number.data,
                form.name.data or "",
                form.region.data,
                form.retirement_category(),
                actor=actor(),
                at=clock.now(),
            )
        )

    if not form.validate() or not carried_out(form, act, _sentence):
        return render_template("desk/counter/register.html", form=form), 422
    flash(_("Registered. Give the person the code that opens the account."))
    return redirect(url_for("counter_desk.show_person", person_id=registered[0].id), 303)


@blueprint.get("/<int:person_id>")
@duty(Function.REGISTRATION, Function.ADMINISTRATION, of=of_person)
def show_person(person_id: int) -> str:
    return _page(_person(person_id))


@blueprint.post("/<int:person_id>/contact")
@duty(Function.REGISTRATION, of=of_person)
def set_contact(person_id: int) -> Any:
    """Say how the person is reached."""
    person, form = _person(person_id), ContactForm(prefix=_CONTACT)
    if not form.validate():
        return _page(person, contact=form), 422
    is_changed = change_contact(db_session(), person, form.contact(), actor=actor(), at=clock.now())
    db_session().commit()
    flash(_("Saved.") if is_changed else _("Nothing is changed."))
    return redirect(url_for("counter_desk.show_person", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/code")
@duty(Function.REGISTRATION, Function.ADMINISTRATION, of=of_person)
def give(person_id: int) -> Any:
    """Give a code: shown once to be handed over, or set as a letter."""
    person, form, codes = _person(person_id), CodeForm(prefix=_CODE), []

    def act() -> None:
        codes.append(
            give_code(
                db_session(),
                person,
                Handed(form.handed.data),
                key=browser.signing_key(),
                actor=actor(),
                at=clock.now(),
            )
        )

    if not form.validate() or not carried_out(form, act, _sentence):
        return _page(_person(person_id), code=form), 422
    if form.handed.data == Handed.BY_POST:
        return _letter_answer(person, codes[0])
    return render_template("desk/counter/code.html", person=person, code=codes[0])


def _letter_answer(person: Person, code: str) -> Response:
    address = public_address(url_for("auth.activate_account"))
    letter = code_letter(person, code, address=address, at=clock.now())
    answer = make_response(letter)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return answer


def _register_form() -> RegisterForm:
    form = RegisterForm()
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    return form


def _page(
    person: Person, *, code: CodeForm | None = None, contact: ContactForm | None = None
) -> str:
    return render_template(
        "desk/counter/person.html",
        person=person,
        code=code or CodeForm(None, prefix=_CODE),
        contact=contact or ContactForm(None, obj=person, prefix=_CONTACT),
    )


def _sentence(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _person(person_id: int) -> Person:
    return standing_person(person_id, "counter_desk.show_person")
