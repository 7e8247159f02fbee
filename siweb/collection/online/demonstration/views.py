"""The made-up bank's page; it exists only where the settings name the demonstration's gateway."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import public
from siweb.collection.online.demonstration.gateway import PAGE, DemonstrationGateway
from siweb.collection.online.gateway import Notification, NotificationRefused
from siweb.collection.online.pay_online import take_notification
from siweb.collection.online.views import gateway
from siweb.collection.payments.office_order import office_order
from siweb.db.reference_code import new_reference
from siweb.registry.packs.in_force import packs_in_force
from siweb.web.database import db_session

blueprint = Blueprint("demonstration_bank", __name__)


@blueprint.get(PAGE)
@public
def show_bank() -> str:
    _gateway(request.args)
    return render_template(
        "collection/online/demonstration_bank.html",
        asked=request.args,
        amount_fen=int(request.args["amount"]),
        transaction=new_reference(),
    )


@blueprint.post(PAGE)
@public
def pay() -> Response:
    """Do what a bank does: tell the office with a signature, and send the payer back."""
    asked: Any = request.form
    found = _gateway(asked)
    amount_fen = int(asked["amount"])
    if asked.get("do") == "half":
        amount_fen //= 2
    if asked.get("do") in {"all", "half"} and amount_fen:
        notification = Notification(
            asked["order"],
            asked.get("transaction", "")[:40] or new_reference(),
            amount_fen,
            clock.today(),
            payer_name="演示付款人",
        )
        _tell(found, notification)
    return redirect(asked["back"], 303)


def _tell(found: DemonstrationGateway, notification: Notification) -> None:
    """Send a notification to the office, by the way that it takes any notification."""
    session = db_session()
    body, headers = found.tell(notification)
    try:
        notification = found.read_notification(body, headers)
        take_notification(
            session,
            found,
            notification,
            at=clock.now(),
            order=office_order(),
            packs=packs_in_force(session),
        )
    except NotificationRefused:
        session.rollback()
        abort(404)
    session.commit()


def _gateway(asked: Any) -> DemonstrationGateway:
    """Return the demonstration's gateway if it is the office's, and made this address."""
    found = gateway()
    if not isinstance(found, DemonstrationGateway) or not found.is_asked(asked):
        abort(404)
    return found
