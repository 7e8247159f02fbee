"""What is told of benefits: certification, a stop, what is paid, an application for a pension."""

from flask_babel import lazy_gettext as _l

from siweb.messages.message_kind import BEFORE, MessageKind, Reader

_REVIEWS = "reviews.show_due"
_PENSION = "pensions.show_pension"
_BENEFITS = "benefits.show_benefits"

CERTIFICATION_REMINDER = MessageKind(
    "certification_reminder",
    Reader.PERSON,
    _l("Confirm by %(day)s that you draw your benefit"),
    _l("It can be done on a phone, by a relative, at the counter, or at your home."),
    _REVIEWS,
    days_before=BEFORE,
)
SUSPENSION_ANNOUNCED = MessageKind(
    "suspension_announced",
    Reader.PERSON,
    _l("Without certification your benefit stops on %(day)s"),
    _l("Confirm that you draw it. It goes on, with what was held back, as soon as you have."),
    _REVIEWS,
    needs_service=True,
    days_before=(30,),
)
BENEFIT_SUSPENDED = MessageKind(
    "benefit_suspended",
    Reader.PERSON,
    _l("Your benefit is suspended"),
    _l("Confirm that you draw it: then it goes on, and what was held back is paid."),
    _REVIEWS,
)
BENEFIT_RESUMED = MessageKind(
    "benefit_resumed",
    Reader.PERSON,
    _l("Your benefit goes on"),
    _l("You were certified. What was held back is paid."),
    _BENEFITS,
)
BENEFIT_PAID_BACK = MessageKind(
    "benefit_paid_back",
    Reader.PERSON,
    _l("What was held back of your benefit is paid to you"),
    _l("See it month by month."),
    _BENEFITS,
)
STOP_ANNOUNCED = MessageKind(
    "stop_announced",
    Reader.PERSON,
    _l("Your benefit stops while you serve a sentence"),
    _l("It stops with the month after this was served. If it is wrong, tell the agency at once."),
    _BENEFITS,
    needs_service=True,
)
STOP_ENDED = MessageKind(
    "stop_ended",
    Reader.PERSON,
    _l("Your benefit goes on after your release"),
    _l("See from which month on it is paid."),
    _BENEFITS,
)
BACK_PAY_RETURNED = MessageKind(
    "back_pay_returned",
    Reader.PERSON,
    _l("A payment of your benefit came back"),
    _l("The bank could not keep it on the account. Tell the agency another account of yours."),
    _BENEFITS,
)
PENSION_APPLIED = MessageKind(
    "pension_applied",
    Reader.PERSON,
    _l("You applied for a pension: it is decided by %(day)s"),
    _l("If that was not you, go to the agency's counter at once."),
    _PENSION,
)
PENSION_APPROVED = MessageKind(
    "pension_approved",
    Reader.PERSON,
    _l("Your pension was approved"),
    _l("Read the decision: from when on, and how it was worked out."),
    _PENSION,
)
PENSION_REFUSED = MessageKind(
    "pension_refused",
    Reader.PERSON,
    _l("Your application for a pension was refused"),
    _l("Read the reasons, and what you can do about it."),
    _PENSION,
    needs_service=True,
)
