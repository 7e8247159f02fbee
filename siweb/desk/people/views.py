"""The desk's pages about one person: find, bring an account in, send it out, death, heirs."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, insurances_run, may, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.people.actions import BRING_IN, DEATH, HEIRS, SEND_OUT, TAKE_BACK_DEATH
from siweb.desk.people.forms import (
    AliveForm,
    BringForm,
    DeathForm,
    FindForm,
    HeirsForm,
    OrdinaryForm,
    RevokeForm,
    SendForm,
    TemporaryForm,
)
from siweb.desk.people.notes.writing import note_form, written
from siweb.desk.people.pages.head import PEOPLE_READERS, head_of, part_named
from siweb.desk.people.pages.read import read_part
from siweb.desk.people.revoke import REVOKE_PAPER, is_revocable
from siweb.desk.people.standing import standing_person
from siweb.desk.people.temporary import ORDINARY, TEMPORARY
from siweb.desk.subjects import of_part_of_person, of_person
from siweb.documents.kinds import KINDS
from siweb.evidence.field import ScansForm
from siweb.evidence.papers.paper import Because
from siweb.ledgers.account.temporary import open_temporary
from siweb.ledgers.account.transfer import segments_of
from siweb.notes.about import About
from siweb.pensions.place import place_name, province_choices
from siweb.registry.codes import Insurance
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.register_death import DeathRefused, take_back_death
from siweb.registry.tables.person import Person
from siweb.tasks.find import open_tasks_of
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out

blueprint = Blueprint("people_desk", __name__, url_prefix="/desk/people")
# Where something is begun that takes two, what waits of it is shown.
_TEMPORARY, _REVOKE = "temporary-", "revoke-"
_WAITS = {"overview", "account", "contact", "papers"}


@blueprint.route("", methods=["GET", "POST"])
@duty(*PEOPLE_READERS, reads=True)
def find() -> Any:
    """Find a person by the ID number, which never stands in an address."""
    form = FindForm()
    if request.method == "POST" and form.validate():
        session = db_session()
        found = find_person(session, form.id_number.data)
        about = None if found is None else of_person(session, found)
        if about is not None and about.lies_in(session, scope()):
            return redirect(url_for("people_desk.show_person", person_id=found), 303)
        # The same of somebody whom the office does not serve here: it tells of nobody where they
        # are.
        form.id_number.errors = [_("The register has nobody with this ID number.")]
    page = render_template(
        "desk/people/find.html", form=form, may_register=may(Function.REGISTRATION)
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.get("/<int:person_id>")
@duty(*PEOPLE_READERS, of=of_person)
def show_person(person_id: int) -> str:
    return _page(_person(person_id), "overview")


@blueprint.get("/<int:person_id>/<part>")
@duty(*PEOPLE_READERS, of=of_part_of_person)
def show_part(person_id: int, part: str) -> str:
    """Show one part of what is known of a person; one that the visitor may not see is not there."""
    if part_named(part) is None:
        abort(404)
    return _page(_person(person_id), part)


@blueprint.post("/<int:person_id>/bring-in")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
@once
def bring(person_id: int) -> Any:
    """Take over the account and months of another region."""
    person, form = _person(person_id), BringForm()
    if form.validate() and _sent(
        BRING_IN, person, form, asdict(form.brought()), form.certificate.data
    ):
        return _show(person_id, "account")
    return _page(_person(person_id), "account", bring=form), 422


@blueprint.post("/<int:person_id>/send-out")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
@once
def send(person_id: int) -> Any:
    """Send the account and the months paid here to another region, once another checked it."""
    person, form = _person(person_id), SendForm()
    change = {"to_region": form.to_region.data or ""}
    if form.validate() and _sent(SEND_OUT, person, form, change, form.letter.data):
        return _show(person_id, "account")
    return _page(_person(person_id), "account", send=form), 422


@blueprint.post("/<int:person_id>/temporary")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
def note_temporary(person_id: int) -> Any:
    """Note that the account is a temporary one, as the rule says, once another checked it."""
    person, form = _person(person_id), _temporary_form(TemporaryForm(prefix=_TEMPORARY))
    if form.validate():
        given = {"household": form.household.data, "joined_on": form.joined_on.data.isoformat()}
        if _sent(TEMPORARY, person, form, given, form.register.data):
            return _show(person_id, "account")
    return _page(_person(person_id), "account", temporary_form=form), 422


@blueprint.post("/<int:person_id>/ordinary")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
def note_ordinary(person_id: int) -> Any:
    """Make a temporary account an ordinary one, once another checked it."""
    person, form = _person(person_id), OrdinaryForm(prefix=_TEMPORARY)
    if form.validate() and _sent(ORDINARY, person, form, {}, form.reason.data):
        return _show(person_id, "account")
    return _page(_person(person_id), "account", temporary_form=form), 422


@blueprint.post("/<int:person_id>/revoke-paper")
@duty(Function.REGISTRATION, of=of_person)
def revoke_paper(person_id: int) -> Any:
    """Revoke a paper of the person, once another checked it."""
    person, form = _person(person_id), RevokeForm(prefix=_REVOKE)
    form.reference.choices = _revocable(person)
    # Each paper waits by itself: several may be revoked at a time.
    about = f"paper:{form.reference.data or ''}"
    if form.validate():
        given = {"reference": form.reference.data}
        if _sent(REVOKE_PAPER, person, form, given, form.reason.data, about=about):
            return _show(person_id, "papers")
    return _page(_person(person_id), "papers", revoke=form), 422


@blueprint.post("/<int:person_id>/notes")
@duty(*PEOPLE_READERS, of=of_person)
def write_note(person_id: int) -> Any:
    """Keep a note for colleagues, or one that corrects another."""
    person = _person(person_id)
    form = written(About(person_id=person.id), PEOPLE_READERS)
    if form is not None:
        return _page(person, "notes", note=form), 422
    flash(_("The note is kept."))
    return redirect(url_for("people_desk.show_part", person_id=person_id, part="notes"), 303)


@blueprint.post("/<int:person_id>/death")
@duty(Function.REGISTRATION, of=of_person)
def death(person_id: int) -> Any:
    """Register that the person died."""
    person, form = _person(person_id), DeathForm()
    if form.validate():
        change = {"died_on": form.died_on.data.isoformat()}
        if _sent(DEATH, person, form, change, form.proof.data):
            return _show(person_id, "contact")
    return _page(_person(person_id), "contact", death=form), 422


@blueprint.post("/<int:person_id>/alive")
@duty(Function.REGISTRATION, of=of_person)
def alive(person_id: int) -> Any:
    """Take back that the person died, once another has checked it."""
    person, form = _person(person_id), AliveForm()
    if form.validate() and _sent(TAKE_BACK_DEATH, person, form, _living(person), form.alive.data):
        return _show(person_id, "contact")
    return _page(_person(person_id), "contact", alive=form), 422


def _living(person: Person) -> dict[str, Any]:
    """Return what of somebody who was registered as dead would go on; nothing of it stays."""
    session, enrolments, benefits = db_session(), 0, 0
    if person.died_on is None:
        return {"died_on": "", "enrolments": 0, "benefits": 0}
    trial, died_on = session.begin_nested(), person.died_on
    try:
        enrolments, benefits = take_back_death(session, person.id, actor=actor(), at=clock.now())
    except DeathRefused:
        # Sending it meets the same, and says it in the form.
        pass
    finally:
        trial.rollback()
    return {"died_on": died_on.isoformat(), "enrolments": enrolments, "benefits": benefits}


@blueprint.post("/<int:person_id>/heirs")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
@once
def heirs(person_id: int) -> Any:
    """Pay the account of somebody who died to the heirs, once another has checked it."""
    person, form = _person(person_id), HeirsForm()
    if form.validate() and _sent(HEIRS, person, form, {}, form.succession.data):
        return _show(person_id, "account")
    return _page(_person(person_id), "account", heirs=form), 422


def _sent(
    action: TwoPersonAction,
    person: Person,
    form: ScansForm,
    change: dict[str, Any],
    because: Because,
    *,
    about: str = "",
) -> bool:
    """Send an action about a person to be checked by another one; False where it is refused."""

    def send() -> None:
        send_to_check(
            action,
            about or f"person:{person.id}",
            {"person_id": person.id, **change},
            because,
            region_code=person.region_code,
            person_id=person.id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    return carried_out(form, send, lambda refused: why(refused, action))


def _show(person_id: int, part: str) -> Response:
    flash(str(SENT))
    return redirect(url_for("people_desk.show_part", person_id=person_id, part=part), 303)


def _page(person: Person, part: str, **forms: Any) -> str:
    """Return a part of a person's page; `forms` are those that come back with what is wrong."""
    session = db_session()
    return render_template(
        f"desk/people/{part}.html",
        head=head_of(person, part),
        person=person,
        waiting=waiting_tasks(open_tasks_of(session, person.id)) if part in _WAITS else [],
        run_here=insurances_run(),
        on=clock.today(),
        may_correct=may(Function.CONTRIBUTIONS),
        has_register=may(Function.REGISTRATION),
        has_phone=may(Function.REVIEW, Function.REGISTRATION),
        **read_part(part, person),
        **_forms(part, person, forms),
    )


def _forms(part: str, person: Person, sent: dict[str, Any]) -> dict[str, Any]:
    if part == "contact":
        kinds = {"death": DeathForm, "alive": AliveForm}
        return {name: sent.get(name) or kind(None) for name, kind in kinds.items()}
    if part == "account":
        kinds = {"bring": BringForm, "send": SendForm, "heirs": HeirsForm}
        return {name: sent.get(name) or kind(None) for name, kind in kinds.items()} | {
            "segments": segments_of(db_session(), person.id),
            **_temporary(person, sent.get("temporary_form")),
            "has_accounts": may(Function.FINANCE),
        }
    if part == "papers" and may(Function.REGISTRATION):
        form = sent.get("revoke") or RevokeForm(None, prefix=_REVOKE)
        form.reference.choices = _revocable(person)
        return {"revoke": form if form.reference.choices else None}
    if part == "notes":
        return note_form(About(person_id=person.id), PEOPLE_READERS, sent.get("note"))
    return {"revoke": None} if part == "papers" else {}


def _revocable(person: Person) -> list[tuple[str, str]]:
    """Return the papers of the page that is shown which may be revoked."""
    return [
        (paper.reference, f"{KINDS[paper.kind]} {paper.reference}")
        for paper in read_part("papers", person)["papers"]
        if is_revocable(paper)
    ]


def _temporary(person: Person, sent: ScansForm | None) -> dict[str, Any]:
    """Return the temporary account, if it is one, and the form that makes it one or none."""
    found = open_temporary(db_session(), person.id)
    fresh: ScansForm = (
        OrdinaryForm(None, prefix=_TEMPORARY)
        if found is not None
        else _temporary_form(TemporaryForm(None, prefix=_TEMPORARY))
    )
    if sent is not None and not isinstance(sent, type(fresh)):
        # Somebody else noted or ended it meanwhile: another form stands here now.
        fresh.form_errors = list(sent.form_errors)
        sent = None
    return {
        "temporary": found,
        "temporary_form": sent or fresh,
        "household": None if found is None else place_name(found.household),
    }


def _temporary_form(form: TemporaryForm) -> TemporaryForm:
    form.household.choices = [("", _("Choose")), *province_choices()]
    return form


def _person(person_id: int) -> Person:
    return standing_person(person_id, "people_desk.show_person")
