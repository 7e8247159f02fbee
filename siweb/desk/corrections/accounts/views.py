"""The desk's page on which what was brought into an account is set right."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.corrections.accounts.actions import CORRECT_ACCOUNT
from siweb.desk.corrections.accounts.forms import AccountForm
from siweb.desk.corrections.accounts.labels import entry_named
from siweb.desk.people.pages.head import head_of
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.ledgers.account.correct import BroughtEntry, brought_entries
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.tasks.find import open_tasks_of
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.formats import yuan

blueprint = Blueprint("account_correction_desk", __name__, url_prefix="/desk/people")


@blueprint.get("/<int:person_id>/account/set-right")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
def show_entries(person_id: int) -> str:
    return _page(_person(person_id))


@blueprint.post("/<int:person_id>/account/set-right")
@duty(Function.FINANCE, of=of_person, about={Insurance.PENSION})
def set_entry_right(person_id: int) -> Any:
    """Send the right amount of a brought-in entry to be checked by another."""
    person = _person(person_id)
    found = {each.key: each for each in brought_entries(db_session(), person.id)}
    form = _offered(AccountForm(), list(found.values()))
    if form.validate() and _sent(person, found[form.entry.data], form):
        flash(str(SENT))
        return redirect(url_for("account_correction_desk.show_entries", person_id=person.id), 303)
    return _page(_person(person_id), form), 422


def _sent(person: Person, entry: BroughtEntry, form: AccountForm) -> bool:
    change = {
        "person_id": person.id,
        "key": entry.key,
        "kind": entry.kind.value,
        "year": entry.year,
        "month": entry.month,
        "shown_fen": entry.amount_fen,
        "right_fen": form.right.data,
    }

    def send() -> None:
        send_to_check(
            CORRECT_ACCOUNT,
            f"account:{entry.key}",
            change,
            form.because.data,
            region_code=person.region_code,
            person_id=person.id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    return carried_out(form, send, lambda refused: why(refused, CORRECT_ACCOUNT))


def _page(person: Person, form: AccountForm | None = None) -> str:
    session = db_session()
    entries = brought_entries(session, person.id)
    return render_template(
        "desk/corrections/account.html",
        head=head_of(person, "account"),
        person=person,
        waiting=waiting_tasks(open_tasks_of(session, person.id)),
        entries=entries,
        form=form or _offered(AccountForm(None), entries),
    )


def _offered(form: AccountForm, entries: list[BroughtEntry]) -> AccountForm:
    form.entry.choices = [
        (
            each.key,
            f"{entry_named(each.kind, each.year, each.month)} · {yuan(each.amount_fen)}",
        )
        for each in entries
    ]
    return form


def _person(person_id: int) -> Person:
    return standing_person(person_id, "account_correction_desk.show_entries")
