"""The desk's pages of payments: the queue, and one payment with its suggestions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, role
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.find import (
    PaymentsShown,
    bounce_of,
    find_payment,
    list_payments,
    used_for,
)
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.payments.take_back import refund, reverse_payment
from siweb.collection.payments.waiting import match_by_staff
from siweb.collection.tables.payment import Payment
from siweb.desk.payments.forms import KeepForm, MatchForm, RefundForm, ReverseForm
from siweb.desk.payments.labels import REFUSALS, SHOWN
from siweb.web.database import db_session

blueprint = Blueprint("payment_desk", __name__, url_prefix="/desk/payments")
_LONGEST_QUERY = 100


@blueprint.get("")
@role("staff")
def show_payments() -> str:
    typed, page = request.args.get("state", ""), max(1, request.args.get("page", 1, type=int))
    shown = PaymentsShown(typed) if typed in set(PaymentsShown) else PaymentsShown.WAITING
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    payments, has_more = list_payments(db_session(), shown, query, page)
    return render_template(
        "desk/payments/payments.html",
        payments=payments,
        has_more=has_more,
        page=page,
        shown=shown,
        query=query,
        words=SHOWN,
    )


@blueprint.get("/<int:payment_id>")
@role("staff")
def show_payment(payment_id: int) -> str:
    return _page(*_found(payment_id))


@blueprint.post("/<int:payment_id>/match")
@role("staff")
def match(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), MatchForm(prefix="match-")
    if not form.validate():
        return _page(payment, back, match=form), 422
    return _done(
        payment,
        lambda: match_by_staff(
            db_session(), payment, form.reference.data, actor=actor(), at=clock.now()
        ),
        _("Used for the bill."),
    )


@blueprint.post("/<int:payment_id>/keep")
@role("staff")
def keep(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), KeepForm(prefix="keep-")
    if not form.validate():
        return _page(payment, back, keep=form), 422
    return _done(
        payment,
        lambda: keep_credit(
            db_session(), payment, form.reference.data, actor=actor(), at=clock.now()
        ),
        _("Kept as the payer’s credit."),
    )


@blueprint.post("/<int:payment_id>/refund")
@role("staff")
def pay_back(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), RefundForm(prefix="refund-")
    if not form.validate():
        return _page(payment, back, refund=form), 422
    return _done(
        payment,
        lambda: refund(
            db_session(),
            payment,
            form.amount.data,
            on=clock.today(),
            actor=actor(),
            at=clock.now(),
        ),
        _("Noted as paid back."),
    )


@blueprint.post("/<int:payment_id>/reverse")
@role("staff")
def reverse(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), ReverseForm(prefix="reverse-")
    if form.validate() and form.on.data > clock.today():
        form.on.errors = [_("This day has not come yet.")]
    if form.errors:
        return _page(payment, back, reverse=form), 422
    return _done(
        payment,
        lambda: reverse_payment(
            db_session(), payment, on=form.on.data, actor=actor(), at=clock.now()
        ),
        _("Taken back: its bills are open again."),
    )


def _found(payment_id: int) -> tuple[Payment, list[Payment]]:
    found = find_payment(db_session(), payment_id)
    if found is None:
        abort(404)
    return found


def _done(payment: Payment, deed: Callable[[], Any], said: str) -> Response:
    """Do a deed and go back to the payment; a refusal is said there."""
    session = db_session()
    try:
        deed()
    except PaymentRefused as refused:
        session.rollback()
        said = str(REFUSALS[refused.code])
    session.commit()
    flash(said)
    return redirect(url_for("payment_desk.show_payment", payment_id=payment.id), 303)


def _page(payment: Payment, back: list[Payment], **forms: Any) -> str:
    session = db_session()
    return render_template(
        "desk/payments/payment.html",
        payment=payment,
        used=used_for(session, payment),
        back_rows=back,
        is_money=payment.origin_payment_id is None,
        bounce=bounce_of(payment, back),
        suggestions=suggestions(session, payment) if payment.unallocated_fen > 0 else [],
        match=forms.get("match") or MatchForm(None, prefix="match-"),
        keep=forms.get("keep") or KeepForm(None, prefix="keep-"),
        refund=forms.get("refund") or RefundForm(None, prefix="refund-"),
        reverse=forms.get("reverse") or ReverseForm(None, prefix="reverse-"),
    )
