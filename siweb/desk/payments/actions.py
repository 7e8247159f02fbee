"""Money goes back to a payer: made by one and checked by another."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.payments.allocate import PaymentRefused
from siweb.collection.payments.find import used_for
from siweb.collection.payments.take_back import REFUND_BY_TWO, refund
from siweb.collection.payouts.order import Payee, order_payout
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.tables.payment import Payment
from siweb.collection.tables.payout import PayoutKind
from siweb.desk.payments.labels import REFUSALS
from siweb.desk.payments.payouts.labels import REFUSALS as PAYOUTS
from siweb.desk.subjects import payment_subject
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import yuan


def _payment(session: Session, task: Task) -> Payment:
    return session.get_one(Payment, task.change["payment_id"])


def _about(session: Session, task: Task) -> Subject:
    payment = _payment(session, task)
    return payment_subject(payment, used_for(session, payment))


def _would_refund(session: Session, task: Task) -> list[Difference]:
    payment, fen = _payment(session, task), int(task.change["amount_fen"])
    left = payment.unallocated_fen
    payer = payment.payer_name or _("Unknown payer")
    given = Difference(_("Paid back to %(payer)s", payer=payer), "—", yuan(fen))
    if task.closed_at is not None:
        return [given]
    # What was sent to be checked is kept for it; where the payment bounced it is gone even so.
    after = yuan(left - fen) if left >= fen else _("That is more than the balance left.")
    return [given, Difference(_("Balance left"), yuan(left), after)]


def _refund(session: Session, task: Task, doing: Doing) -> None:
    payment, fen = _payment(session, task), int(task.change["amount_fen"])
    back = refund(session, payment, fen, on=doing.on, actor=doing.actor, at=doing.at)
    # It goes back to the account that it came from; where that is unknown, somebody names one.
    order_payout(
        session,
        PayoutKind.REFUND,
        f"payment:{back.id}",
        fen,
        region_code=back.region_code,
        person_id=back.person_id,
        employer_id=back.employer_id,
        payee=Payee(back.payer_name, back.payer_account),
        actor=doing.actor,
        at=doing.at,
    )


def _page(task: Task) -> str:
    return url_for("payment_desk.show_payment", payment_id=task.change["payment_id"])


REFUND = TwoPersonAction(
    REFUND_BY_TWO,
    _l("Pay money back to a payer"),
    Function.FINANCE,
    _would_refund,
    _about,
    _refund,
    {PaymentRefused: REFUSALS, PayoutRefused: PAYOUTS},
    _page,
    lambda _session, task: int(task.change["amount_fen"]),
)
