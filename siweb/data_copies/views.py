"""The pages on which a copy of all about a person is taken: by the person, or at the desk."""

from datetime import datetime
from typing import Any, cast

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.access_log.store import AccessLog
from siweb.auth.access import actor, duty, insurances_run, may, signed_in, visitor
from siweb.auth.credentials.second_factor.held import held_since
from siweb.auth.forms import ButtonForm
from siweb.auth.sign_in.proof import ask_for_proof, is_fresh
from siweb.auth.tables.appointment import Function
from siweb.data_copies.forms import CopyForm
from siweb.data_copies.take import note_copy
from siweb.data_copies.write import Sources, write_copy
from siweb.desk.people.pages.head import head_of
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.documents.spreadsheets.sheet import as_download, pieces
from siweb.registry.tables.person import Person
from siweb.web.database import database, db_session
from siweb.web.file_store import file_store
from siweb.web.language.shown_office import office_name

blueprint = Blueprint("data_copies", __name__, url_prefix="/account/copy")
desk = Blueprint("copy_desk", __name__, url_prefix="/desk/people")


@blueprint.get("")
@signed_in
def show_copy() -> str:
    return render_template("data_copies/copy.html", form=ButtonForm())


@blueprint.post("")
@signed_in
def take_copy() -> Any:
    """Give the visitor all that is kept about them (PIPL 45)."""
    me = visitor()
    # Whoever has a second factor proves it anew: a browser left open must not give all of it away.
    if me.is_staff and held_since(db_session(), me.account_id) is not None and not is_fresh(me):
        return ask_for_proof(me)
    session, at = db_session(), clock.now()
    person = session.get_one(Person, me.person_id)
    note_copy(session, person, actor=actor(), at=at)
    session.commit()
    return _file(person.id, at)


@desk.get("/<int:person_id>/copy")
@duty(Function.REGISTRATION, of=of_person)
def show_form(person_id: int) -> str:
    return _page(_person(person_id), CopyForm(None))


@desk.post("/<int:person_id>/copy")
@duty(Function.REGISTRATION, of=of_person)
def make_copy(person_id: int) -> Any:
    """Make the copy that somebody asked for in writing; the person is told of it."""
    person, form = _person(person_id), CopyForm()
    if not form.validate():
        return _page(person, form), 422
    if insurances_run():
        # It has everything: nobody gets at the desk what another agency keeps.
        form.show_refusal("some_insurances", _some_insurances())
        return _page(person, form), 422
    session, at = db_session(), clock.now()
    note_copy(session, person, actor=actor(), at=at, asked_by=form.asked_by.data)
    session.commit()
    return _file(person.id, at)


def _some_insurances() -> str:
    sentence: str = _(
        "The copy has all insurances, and your agency runs some. Ask somebody whose function is "
        "for the whole office."
    )
    return sentence


def _file(person_id: int, at: datetime) -> Response:
    # By a reader: what takes seconds to write must hold no writer up.
    with database().readers() as session:
        sources = Sources(_as_it_is_now(session), _log(), file_store())
        copy = write_copy(sources, person_id, office=office_name(), at=at)
    name = f"data-{clock.office_day(at).isoformat()}.zip"
    return Response(pieces(copy), mimetype="application/zip", headers=as_download(name))


def _as_it_is_now(session: Session) -> Session:
    """Let all parts be of one moment; on SQLite a reader sees one by itself."""
    bind = session.get_bind()
    # Whoever gave a connection says by its own transaction of which moment it is.
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def _log() -> AccessLog:
    return cast("AccessLog", current_app.extensions["siweb_access_log"])


def _page(person: Person, form: CopyForm) -> str:
    return render_template(
        "data_copies/desk.html",
        head=head_of(person, "copy"),
        person=person,
        form=form,
        has_register=may(Function.REGISTRATION),
    )


def _person(person_id: int) -> Person:
    return standing_person(person_id, "copy_desk.show_form")
