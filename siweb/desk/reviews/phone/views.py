"""The counter's QR codes: a poster for everybody, and a code for somebody who stands there."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.people.standing import standing_person
from siweb.desk.reviews.phone.forms import PhoneForm
from siweb.desk.subjects import of_person
from siweb.documents.payload import in_both_languages
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.reviews.begin.counter_codes import last_good_code, make_counter_code
from siweb.reviews.begin.due import due_reviews
from siweb.reviews.tables.campaign import CERTIFIED_BY
from siweb.rules.errors import Refusal
from siweb.web.addresses import public_address
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.paging import number_sent

_SHEET = {
    "title": _l("Annual review on your phone"),
    "scan": _l("Scan the code with your phone and sign in: what is due for you opens."),
    "account": _l("No account yet? The counter gives you a code for it: bring your ID card."),
}

blueprint = Blueprint("phone_desk", __name__, url_prefix="/desk/counter")


@blueprint.get("/poster")
@duty(Function.REVIEW, Function.REGISTRATION)
def show_poster() -> str:
    """Show the sheet that hangs at the counter: it names nobody and is the same for all."""
    return render_template(
        "desk/phone/poster.html",
        address=public_address(url_for("counter_codes.show_now")),
        # One sheet for all who come by: it does not know which language they read.
        sheet={name: in_both_languages(text) for name, text in _SHEET.items()},
    )


@blueprint.get("/<int:person_id>/phone")
@duty(Function.REVIEW, Function.REGISTRATION, of=of_person)
def show_phone(person_id: int) -> str:
    person = standing_person(person_id, "phone_desk.show_phone")
    return _page(person, _form(person))


@blueprint.post("/<int:person_id>/phone")
@duty(Function.REVIEW, Function.REGISTRATION, of=of_person)
def give_code(person_id: int) -> Any:
    """Begin a review for somebody, and show the code by which they go on with it: once."""
    person, codes = standing_person(person_id, "phone_desk.show_phone"), []
    form = _form(person)

    def act() -> None:
        codes.append(
            make_counter_code(
                db_session(),
                form.campaign.data,
                person.id,
                packs=packs_in_force(db_session()),
                actor=actor(),
                on=clock.today(),
                at=clock.now(),
                # A page that is loaded again sends its form again: only a form drawn since then
                # makes another code.
                after=number_sent("after") or 0,
            )
        )

    if not form.validate() or not carried_out(form, act, _sentence):
        return _page(person, form), 422
    address = public_address(url_for("counter_codes.go_on", code=codes[0]))
    return render_template("desk/phone/code.html", person=person, address=address)


def _form(person: Person) -> PhoneForm:
    """Return the form with what is due for somebody and is this agency's work."""
    session, form, held = db_session(), PhoneForm(), scope()
    due = due_reviews(session, person.id, packs=packs_in_force(session), on=clock.today())
    form.offer(
        each
        for each in due
        # Reading a person is harmless where any insurance is run; to begin a case is to act.
        if held.covers(each.region.code, CERTIFIED_BY.get(each.campaign.kind, ()), wholly=True)
    )
    return form


def _page(person: Person, form: PhoneForm) -> str:
    after = last_good_code(db_session(), person.id, at=clock.now())
    return render_template("desk/phone/phone.html", person=person, form=form, after=after)


def _sentence(refused: Refusal) -> str:
    if refused.code == "still_good":
        return str(
            _(
                "The code that was shown is still good. If it is no longer on the screen, press "
                "the button again: the earlier code ends then."
            )
        )
    return str(_("There is nothing to do in this review any more."))
