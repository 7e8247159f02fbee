"""Paying online: begin, the payment's own page, and the gateway's notification."""

from typing import Any, cast

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import acting, acting_for, actor, public, signed_in, visitor
from siweb.auth.acting import find_acting
from siweb.collection.bills.find import Payer, find_bill, load_bill
from siweb.collection.online.gateway import Gateway, NotificationRefused
from siweb.collection.online.pay_online import (
    NothingToPay,
    find_started,
    start_payment,
    take_notification,
)
from siweb.collection.payments.bank_reference import printed
from siweb.collection.payments.office_order import office_order
from siweb.collection.tables.bill import Bill
from siweb.extensions import csrf
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.web.addresses import public_address
from siweb.web.database import db_session

blueprint = Blueprint("online", __name__)
# A notification is some hundred bytes; its sender is unknown until its seal was proved.
_LONGEST = 16 * 1024


def gateway() -> Gateway | None:
    """Return the office's gateway; None where bills are not paid online."""
    return cast("Gateway | None", current_app.extensions["siweb_gateway"])


@blueprint.app_template_global()
def pays_online() -> bool:
    """Return whether bills are paid online."""
    return gateway() is not None


@blueprint.post("/employer/<uscc>/bills/<int:number>/pay")
@acting_for("filer")
def pay(number: int) -> Response:
    return _begin(Payer(employer_id=acting().employer_id), number, "bills.show_bill")


@blueprint.post("/bills/<int:number>/pay")
@signed_in
def pay_own(number: int) -> Response:
    return _begin(Payer(person_id=visitor().person_id), number, "bills.show_own_bill")


@blueprint.get("/online-payments/<reference>")
@signed_in
def show_payment(reference: str) -> str:
    """Show a payment that the visitor began: where to pay, or what came of it."""
    session = db_session()
    begun = find_started(session, reference, visitor().account_id)
    if begun is None:
        abort(404)
    bill = session.get_one(Bill, begun.bill_id)
    employer = session.get(Employer, bill.employer_id) if bill.employer_id else None
    if (
        employer
        and find_acting(session, visitor().account_id, employer.uscc, on=clock.today()) is None
    ):
        # What somebody began in an employer's name closes with the mandate.
        abort(404)
    number = bill.bank_reference
    back_to = (
        url_for("bills.show_bill", uscc=employer.uscc, number=number)
        if employer
        else url_for("bills.show_own_bill", number=number)
    )
    return render_template(
        "collection/online/payment.html", begun=begun, bill=bill, back_to=back_to
    )


@blueprint.post("/online-payments/notify")
@public
def take_in() -> tuple[str, int]:
    """Take in what the gateway tells; only its signature is trusted."""
    found = gateway()
    if found is None:
        abort(404)
    if (request.content_length or 0) > _LONGEST:
        abort(413)
    session = db_session()
    try:
        notification = found.read_notification(request.get_data(), dict(request.headers))
        take_notification(
            session,
            found,
            notification,
            at=clock.now(),
            order=office_order(),
            packs=packs_in_force(session),
        )
    except NotificationRefused as refused:
        session.rollback()
        return refused.code, 403 if refused.code == "signature" else 422
    session.commit()
    return "ok", 200


# Who tells is known by the signature: there is no form behind it.
csrf.exempt(take_in)


def _begin(payer: Payer, number: int, bill_page: str) -> Response:
    found, session = gateway(), db_session()
    bill = find_bill(session, payer, number)
    if found is None or bill is None:
        abort(404)
    whole = load_bill(session, bill, packs=packs_in_force(session), on=clock.today())
    # What the tax office collects is paid there: money that came here would have to go back.
    if whole.by_tax_office:
        abort(404)
    says = _("Social insurance bill %(number)s", number=printed(number))
    try:
        begun = start_payment(
            session,
            found,
            whole.now,
            says,
            return_address=lambda reference: _public("online.show_payment", reference=reference),
            notify_address=_public("online.take_in"),
            also_fen=whole.also_fen,
            actor=actor(),
            at=clock.now(),
        )
    except NothingToPay:
        session.rollback()
        return redirect(url_for(bill_page, number=number), 303)
    session.commit()
    return redirect(url_for("online.show_payment", reference=begun.reference), 303)


def _public(endpoint: str, **values: Any) -> str:
    """Return an address as the gateway reaches it."""
    return public_address(url_for(endpoint, **values))
