"""The desk's pages of bank entries that were not simply booked: each is settled by a person."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.statements.hold import (
    book_held,
    dismiss_held,
    list_held,
)
from siweb.collection.statements.hold import confirm_return as take_payment_back
from siweb.collection.statements.labels import ADVICE, FIELDS, REASONS, REFUSALS, STATES
from siweb.collection.statements.origins import batches_of, origins_of
from siweb.collection.tables.held_entry import HeldEntry
from siweb.collection.tables.payment import Payment
from siweb.desk.checking.once import once
from siweb.desk.payments.labels import REFUSALS as PAYMENT_REFUSALS
from siweb.desk.statements.forms import BookForm, DismissForm, ReturnForm
from siweb.desk.subjects import of_entry
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.paging import page_asked

blueprint = Blueprint("entry_desk", __name__, url_prefix="/desk/bank-entries")
PAGE = 25


@blueprint.get("")
@duty(Function.FINANCE)
def show_entries() -> str:
    """List the entries that wait."""
    page = page_asked()
    entries, has_more = list_held(db_session(), None, scope=scope(), page=page, size=PAGE)
    return render_template(
        "desk/statements/entries.html",
        entries=entries,
        has_more=has_more,
        page=page,
        reasons=REASONS,
    )


@blueprint.get("/<int:entry_id>")
@duty(Function.FINANCE, of=of_entry)
def show_entry(entry_id: int) -> str:
    """Show an entry, why it waits, and what can become of it."""
    return _page(_found(entry_id))


@blueprint.post("/<int:entry_id>/book")
@duty(Function.FINANCE, of=of_entry)
@once
def book(entry_id: int) -> Any:
    """Book an entry as money that came; it then waits to be matched."""
    held, form = _found(entry_id), BookForm(prefix="book-")
    if not form.validate():
        return _page(held, book=form), 422
    return _done(
        held,
        "book",
        form,
        lambda: book_held(
            db_session(),
            held,
            form.on.data,
            today=clock.today(),
            actor=actor(),
            at=clock.now(),
        ),
        _("Booked: the payment waits to be matched."),
    )


@blueprint.post("/<int:entry_id>/return")
@duty(Function.FINANCE, of=of_entry)
@once
def confirm_return(entry_id: int) -> Any:
    """Take back the payment that the bank took back."""
    held, form, session = _found(entry_id), ReturnForm(prefix="return-"), db_session()
    payment = None
    if form.validate():
        payment = session.get(Payment, form.payment.data)
        if payment is None:
            form.payment.errors = [_("There is no payment with this number.")]
    if payment is None:
        return _page(held, returned=form), 422
    return _done(
        held,
        "returned",
        form,
        lambda: take_payment_back(
            session, held, payment, actor=actor(), at=clock.now(), packs=packs_in_force(session)
        ),
        _("Reversed: its bills are unpaid again."),
    )


@blueprint.post("/<int:entry_id>/dismiss")
@duty(Function.FINANCE, of=of_entry)
@once
def dismiss(entry_id: int) -> Any:
    """Leave an entry out of the books for a reason."""
    held, form = _found(entry_id), DismissForm(prefix="dismiss-")
    if not form.validate():
        return _page(held, dismiss=form), 422
    because = form.because.data or ""
    return _done(
        held,
        "dismiss",
        form,
        lambda: dismiss_held(db_session(), held, because, actor=actor(), at=clock.now()),
        _("Noted: it is not booked."),
    )


def _found(entry_id: int) -> HeldEntry:
    held = db_session().get(HeldEntry, entry_id)
    if held is None:
        abort(404)
    return held


def _done(held: HeldEntry, name: str, form: PageForm, act: Callable[[], Any], message: str) -> Any:
    """Do an action and go back to the entry; what is refused stands in its form."""
    entry_id = held.id
    if not carried_out(form, act, _why):
        return _page(_found(entry_id), **{name: form}), 422
    flash(message)
    return redirect(url_for("entry_desk.show_entry", entry_id=entry_id), 303)


def _why(refused: Refusal) -> str:
    return str((REFUSALS | PAYMENT_REFUSALS)[refused.code])


def _page(held: HeldEntry, **forms: Any) -> str:
    return render_template(
        "desk/statements/entry.html",
        entry=held,
        reasons=REASONS,
        advice=ADVICE,
        fields=FIELDS,
        states=STATES,
        origins=origins_of(db_session(), held),
        batches=batches_of(db_session(), held),
        book=forms.get("book") or BookForm(None, prefix="book-", data={"on": _day(held)}),
        returned=forms.get("returned") or ReturnForm(None, prefix="return-"),
        dismiss=forms.get("dismiss") or DismissForm(None, prefix="dismiss-"),
    )


def _day(held: HeldEntry) -> Any:
    """Return the day of the entry where money can have come on it."""
    return held.entry_on if held.entry_on and held.entry_on <= clock.today() else None
