"""What waits for somebody, in words: one card each, with its last day and one button."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from siweb.messages.matter import Matter
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.begin.due import DueReview
from siweb.reviews.labels import KIND_HINTS, KINDS, REASONS
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from siweb.rules.calendar.months import month_of
from siweb.web.language.formats import count, day, month, yuan

_BEGIN = {
    ReviewKind.RECORD_CHECK: _l("Check my record"),
    ReviewKind.BASE_CHOICE: _l("Choose my base"),
    ReviewKind.CERTIFICATION: _l("Certify now"),
    ReviewKind.MEDICAL_STATUS: _l("State my status"),
}
# The last days for a citizen and for an employer: from here on a last day is called near.
SOON = 7
# A mandate's end is told as long before as its first reminder.
MANDATE_ENDS_WITHIN = 60
# What somebody holds is told only as it ends.
_LASTING = {"employer", "may_help"}


@dataclass(frozen=True, slots=True)
class Card:
    """One matter; its button begins the review of `campaign`, or leads to `address`."""

    title: str
    about: str
    button: str
    address: str = ""
    campaign: int | None = None
    last_day: date | None = None
    # Whether something goes wrong already: it comes first, whatever its day.
    is_late: bool = False


def cards_of(matters: Iterable[Matter], reviews: Iterable[DueReview], on: date) -> list[Card]:
    """Return what waits, the most urgent first."""
    found = [card for due in reviews if (card := _of_review(due, on)) is not None]
    found += [
        CARDS[waiting.kind](waiting)
        for waiting in _apart(matters)
        if waiting.kind in CARDS and (waiting.kind not in _LASTING or _ends_soon(waiting, on))
    ]
    # What has a day comes before what has none; the rest stays in its order.
    return sorted(found, key=lambda card: (not card.is_late, card.last_day or date.max))


def _apart(matters: Iterable[Matter]) -> list[Matter]:
    """Return what waits, without what a card of its own asks for among all that was declared."""
    asked = list(matters)
    own = sum(each.number or 0 for each in asked if each.kind == "base_to_confirm")
    rest = [
        each._replace(number=(each.number or 0) - own) if each.kind == "declared" else each
        for each in asked
    ]
    return [each for each in rest if each.number != 0]


def _of_review(due: DueReview, on: date) -> Card | None:
    kind, stands = due.campaign.kind, due.standing
    title = f"{KINDS[kind]} {due.campaign.year}" if stands is None else str(KINDS[kind])
    review = due.review
    if review is not None and review.state is ReviewState.TO_CORRECT:
        reason = REASONS.get(review.reason or "")
        return Card(
            _("%(review)s: something has to be put right", review=title),
            str(reason.next) if reason else "",
            _("Show what is needed"),
            url_for("review_cases.show_case", reference=review.reference),
            last_day=review.answer_by,
        )
    if not due.is_to_do:
        return None
    about = str(KIND_HINTS[kind])
    if stands is not None and stands.state is BenefitState.SUSPENDED:
        about = _(
            "Your benefit is paused from %(month)s on. Certify now: it goes on, and what was held "
            "back is paid.",
            month=month(stands.suspended_from_month),
        )
    elif stands is not None and stands.suspended_from_month <= month_of(on):
        # The month came, but the announcement of it was not served: nothing is paused before.
        about = _(
            "You were to certify by %(day)s. It is still paid; certify now, so that it goes on.",
            day=day(stands.last_day),
        )
    elif stands is not None:
        about = _(
            "Once a year, by yourself, by a relative or at the counter. Without it your benefit is "
            "paused from %(month)s on.",
            month=month(stands.suspended_from_month),
        )
    return Card(
        title,
        about,
        _("Go on where I stopped") if due.is_started else str(_BEGIN[kind]),
        campaign=due.campaign.id,
        last_day=due.due_on,
        is_late=due.due_on is not None and due.due_on < on,
    )


def _ends_soon(mandate: Matter, on: date) -> bool:
    return mandate.last_day is not None and (mandate.last_day - on).days <= MANDATE_ENDS_WITHIN


def _bill(waiting: Matter) -> Card:
    amount, number = yuan(waiting.fen or 0), waiting.number or 1
    title = _("%(month)s is to be paid", month=month(waiting.month or ""))
    if number > 1:
        title = ngettext(
            "%(count)s month from %(month)s on is to be paid",
            "%(count)s months from %(month)s on are to be paid",
            number,
            count=count(number),
            month=month(waiting.month or ""),
        )
    return Card(
        title,
        _("Online, or by bank transfer with the reference of the bill."),
        _("Pay %(amount)s", amount=amount),
        url_for("bills.show_own_bill", number=waiting.key),
        last_day=waiting.last_day,
    )


def _months_not_paid(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "%(count)s month was not paid", "%(count)s months were not paid", number, count=number
        ),
        _(
            "%(amount)s. Nothing is added, but these months do not count for your pension.",
            amount=yuan(waiting.fen or 0),
        ),
        _("Show my bills"),
        url_for("bills.show_own_bills"),
    )


def _declared(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "%(count)s declaration of an employer about you",
            "%(count)s declarations of employers about you",
            number,
            count=count(number),
        ),
        _("Is it right what was declared? Confirm it, or say what is wrong."),
        _("Look at it"),
        url_for("filings.show_declared"),
    )


def _bases(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "Confirm the base that your employer declared",
            "Confirm the %(count)s bases that your employers declared",
            number,
            count=count(number),
        ),
        _("Is it right? Without your answer what was declared holds; you can still object."),
        _("Look at it"),
        url_for("filings.show_declared"),
        last_day=waiting.last_day,
    )


def _bases_to_declare(waiting: Matter) -> Card:
    return Card(
        waiting.name or "",
        _("The yearly base declaration is not sent yet."),
        _("Declare the bases"),
        url_for("base_review.show_review", uscc=waiting.key),
        last_day=waiting.last_day,
    )


def _complaint(waiting: Matter) -> Card:
    return Card(
        _("Your complaint was answered"),
        _("If you do not agree, you may apply for administrative reconsideration until this day."),
        _("Read the answer"),
        url_for("complaints.show_complaint", reference=waiting.key),
        last_day=waiting.last_day,
    )


def _helped(waiting: Matter) -> Card:
    return Card(
        _("A relative’s certification"),
        _("You began it as a relative and have not sent it."),
        _("Go on with it"),
        url_for("reviews.resume", reference=waiting.key),
    )


def _messages(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        ngettext(
            "%(count)s unread message", "%(count)s unread messages", number, count=count(number)
        ),
        _("What the agency told you, and where it waits"),
        _("Read messages"),
        url_for("inbox.show_messages"),
    )


def _mandate(waiting: Matter) -> Card:
    return Card(
        _("Your mandate ends soon: %(employer)s", employer=waiting.name),
        _("After this day you cannot file for it. Its owner can grant it anew."),
        _("Open the employer"),
        url_for("employers.show_home", uscc=waiting.key),
        last_day=waiting.last_day,
    )


def _may_help(waiting: Matter) -> Card:
    return Card(
        _("Your mandate to help somebody ends soon"),
        _("After this day you cannot act for that person. They can give you a new code."),
        _("See whom it is"),
        url_for("helping.show_helped", helped=waiting.key),
        last_day=waiting.last_day,
    )


def _objections(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        waiting.name or "",
        ngettext(
            "%(count)s objection of an employee waits for the employer’s answer.",
            "%(count)s objections of employees wait for the employer’s answer.",
            number,
            count=count(number),
        ),
        _("Answer objections"),
        url_for("objections.show_objections", uscc=waiting.key),
        last_day=waiting.last_day,
    )


def _assessments(waiting: Matter) -> Card:
    return Card(
        waiting.name or "",
        _("The agency wants to fix premiums. The employer may be heard until this day."),
        _("Show the cases"),
        url_for("assessments.show_cases", uscc=waiting.key),
        last_day=waiting.last_day,
    )


def _employer_bills(waiting: Matter) -> Card:
    number = waiting.number or 0
    return Card(
        waiting.name or "",
        ngettext(
            "%(count)s bill is open: %(amount)s, without late fees.",
            "%(count)s bills are open: %(amount)s, without late fees.",
            number,
            count=count(number),
            amount=yuan(waiting.fen or 0),
        ),
        _("Show the bills"),
        url_for("bills.show_bills", uscc=waiting.key),
        last_day=waiting.last_day,
    )


# What may wait for somebody, by the kind of its question; home asks for nothing that has no card.
CARDS: dict[str, Callable[[Matter], Card]] = {
    "bill": _bill,
    "months_not_paid": _months_not_paid,
    "declared": _declared,
    "base_to_confirm": _bases,
    "complaint_answered": _complaint,
    "helped": _helped,
    "messages": _messages,
    "employer": _mandate,
    "may_help": _may_help,
    "objections": _objections,
    "assessments": _assessments,
    "employer_bills": _employer_bills,
    "bases_to_declare": _bases_to_declare,
}
