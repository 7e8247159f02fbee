"""The desk's pages of payments: the queue, and one payment with its suggestions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty, require_others, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.by_staff import match_by_staff, offered_split, split_payment
from siweb.collection.payments.find import (
    PaymentsShown,
    bounce_of,
    find_payment,
    list_payments,
    used_for,
)
from siweb.collection.payments.keep_credit import keep_credit
from siweb.collection.payments.office_order import office_order
from siweb.collection.payments.suggest_bills import suggestions
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.statements.hold import held_of_payment
from siweb.collection.statements.labels import REASONS
from siweb.collection.tables.payment import Payment
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.payments.actions import REFUND
from siweb.desk.payments.forms import (
    KeepForm,
    MatchForm,
    RefundForm,
    ReverseForm,
    SplitForm,
    split_form,
)
from siweb.desk.payments.labels import REFUSALS, SHOWN
from siweb.desk.subjects import of_bills, of_payment
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.forms.fields import PageForm
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked, search_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("payment_desk", __name__, url_prefix="/desk/payments")


@blueprint.get("")
@duty(Function.FINANCE)
def show_payments() -> str:
    typed, page = request.args.get("state", ""), page_asked()
    shown = PaymentsShown(typed) if typed in set(PaymentsShown) else PaymentsShown.WAITING
    query = search_asked()
    payments, has_more = list_payments(db_session(), shown, query, page, scope=scope())
    return render_template(
        "desk/payments/payments.html",
        payments=payments,
        has_more=has_more,
        page=page,
        shown=shown,
        query=query,
        labels=SHOWN,
    )


@blueprint.get("/<int:payment_id>")
@duty(Function.FINANCE, of=of_payment)
def show_payment(payment_id: int) -> str:
    return _page(*_found(payment_id))


@blueprint.post("/<int:payment_id>/match")
@duty(Function.FINANCE, of=of_payment)
@once
def match(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), MatchForm(prefix="match-")
    if not form.validate():
        return _page(payment, back, match=form), 422
    _require_other_payers(form.reference.data)
    return _done(
        payment,
        "match",
        form,
        lambda: match_by_staff(
            db_session(),
            payment,
            form.reference.data,
            order=office_order(),
            actor=actor(),
            at=clock.now(),
            packs=packs_in_force(db_session()),
        ),
        _("Used for the bill."),
    )


@blueprint.post("/<int:payment_id>/split")
@duty(Function.FINANCE, of=of_payment)
@once
def split(payment_id: int) -> Any:
    """Use a payment for several bills, each with its part."""
    (payment, back), form = _found(payment_id), SplitForm(prefix="split-")
    if not form.validate():
        return _page(payment, back, split=form), 422
    _require_other_payers(*(part.reference for part in form.given()))
    return _done(
        payment,
        "split",
        form,
        lambda: split_payment(
            db_session(),
            payment,
            form.given(),
            order=office_order(),
            actor=actor(),
            at=clock.now(),
            packs=packs_in_force(db_session()),
        ),
        _("Split among the bills."),
    )


@blueprint.post("/<int:payment_id>/keep")
@duty(Function.FINANCE, of=of_payment)
@once
def keep(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), KeepForm(prefix="keep-")
    if not form.validate():
        return _page(payment, back, keep=form), 422
    _require_other_payers(form.reference.data)
    return _done(
        payment,
        "keep",
        form,
        lambda: keep_credit(
            db_session(), payment, form.reference.data, actor=actor(), at=clock.now()
        ),
        _("Kept as the payer’s credit."),
    )


@blueprint.post("/<int:payment_id>/refund")
@duty(Function.FINANCE, of=of_payment)
@once
def pay_back(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), RefundForm(prefix="refund-")
    if not form.validate():
        return _page(payment, back, refund=form), 422
    return _done(
        payment,
        "refund",
        form,
        lambda: send_to_check(
            REFUND,
            f"payment:{payment.id}",
            {"payment_id": payment.id, "amount_fen": form.amount.data},
            form.because.data,
            region_code=payment.region_code,
            person_id=payment.person_id,
            employer_id=payment.employer_id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        ),
        SENT,
    )


@blueprint.post("/<int:payment_id>/reverse")
@duty(Function.FINANCE, of=of_payment)
@once
def reverse(payment_id: int) -> Any:
    (payment, back), form = _found(payment_id), ReverseForm(prefix="reverse-")
    if form.validate() and form.on.data > clock.today():
        form.on.errors = [_("This date lies in the future.")]
    elif form.validate() and form.on.data < payment.received_on:
        form.on.errors = [_("The payment came later than that.")]
    if form.errors:
        return _page(payment, back, reverse=form), 422
    return _done(
        payment,
        "reverse",
        form,
        lambda: reverse_payment(
            db_session(),
            payment,
            on=form.on.data,
            actor=actor(),
            at=clock.now(),
            packs=packs_in_force(db_session()),
        ),
        _("Reversed: its bills are unpaid again."),
    )


def _require_other_payers(*references: int | None) -> None:
    """Refuse money for a bill of one's own: nobody's payment is somebody's by the form."""
    named = of_bills(db_session(), [reference for reference in references if reference])
    if named is not None:
        require_others(named)


def _found(payment_id: int) -> tuple[Payment, list[Payment]]:
    found = read_once(find_payment, payment_id)
    if found is None:
        abort(404)
    return found


def _done(payment: Payment, name: str, form: PageForm, act: Callable[[], Any], message: Any) -> Any:
    """Do an action and go back to the payment; what is refused stands in its form."""
    payment_id = payment.id
    if not carried_out(form, act, _why):
        return _page(*_found(payment_id), **{name: form}), 422
    flash(str(message))
    return redirect(url_for("payment_desk.show_payment", payment_id=payment_id), 303)


def _why(refused: Refusal) -> str:
    if not isinstance(refused, PaymentRefused):
        return why(refused, REFUND)
    region = refused.facts.get("region")
    name = region_name(db_session().get_one(Region, region)) if region else ""
    return str(REFUSALS[refused.code] % {"region": name})


def _page(payment: Payment, back: list[Payment], **forms: Any) -> str:
    session, has_money = db_session(), payment.unallocated_fen > 0
    packs = read_once(packs_in_force)
    # A form that is shown again costs a statement for its key already; eight are the most.
    waiting = [] if forms else waiting_about(f"payment:{payment.id}", REFUND)
    kept = sum(int(refund.task.change["amount_fen"]) for refund in waiting)
    offered = offered_split(session, payment, packs=packs, kept_fen=kept) if has_money else []
    return render_template(
        "desk/payments/payment.html",
        payment=payment,
        used=read_once(used_for, payment),
        back_rows=back,
        is_money=payment.origin_payment_id is None,
        waiting=waiting,
        kept_fen=kept,
        bounce=bounce_of(payment, back),
        held=held_of_payment(session, payment),
        reasons=REASONS,
        suggestions=read_once(suggestions, payment, packs=packs) if has_money else [],
        is_split_offered=bool(offered),
        match=forms.get("match") or MatchForm(None, prefix="match-"),
        split=forms.get("split") or split_form(offered, "split-"),
        keep=forms.get("keep") or KeepForm(None, prefix="keep-"),
        refund=forms.get("refund") or RefundForm(None, prefix="refund-"),
        reverse=forms.get("reverse") or ReverseForm(None, prefix="reverse-"),
    )
