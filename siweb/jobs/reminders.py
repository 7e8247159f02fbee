"""Everything with a last day of which somebody is reminded, and what goes without.

`siweb day` goes through `REMINDERS`. Each kind comes so many days before as it says itself, once,
and to nobody who did meanwhile what it is about. A test walks the columns of all tables that hold
a last day: each is named here, either way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.orm import Session

from siweb.auth.helping.remind import remind_of_help
from siweb.auth.mandates import remind_of_mandates
from siweb.auth.staff.remind import remind_of_functions
from siweb.collection.arrears.remind import remind_of_deferrals
from siweb.collection.assessments.hear import remind_of_hearings
from siweb.collection.bills.remind import remind_of_own_bills
from siweb.messages.kinds.assessments import HEARING_ENDING
from siweb.messages.kinds.benefits import CERTIFICATION_REMINDER, SUSPENSION_ANNOUNCED
from siweb.messages.kinds.bills import DEFERRAL_ENDING, INSTALMENT_DUE, OWN_BILL_DUE
from siweb.messages.kinds.helping import HELP_ENDING, MAY_HELP_ENDING
from siweb.messages.kinds.mandates import MANDATE_ENDING
from siweb.messages.kinds.remedies import (
    EMPLOYER_REVIEW_ENDING,
    EMPLOYER_SUIT_ENDING,
    REVIEW_ENDING,
    SUIT_ENDING,
)
from siweb.messages.kinds.reviews import BASE_TO_CONFIRM, BASES_REMINDER, REVIEW_REMINDER
from siweb.messages.kinds.staff import FUNCTION_ENDING
from siweb.messages.message_kind import MessageKind
from siweb.portal.base_review.tell import tell_of_base_reviews
from siweb.reviews.begin.tell import tell_of_campaigns
from siweb.reviews.benefits.tell import tell_of_benefits
from siweb.rules.parameters.pack_set import PackSet
from siweb.service.remind import remind_of_remedies


@dataclass(frozen=True, slots=True)
class Reminder:
    """Of which last days (`table.column`) a function reminds, and by which kinds of message.

    `tell` reminds whoever is due on a day and returns how many; it does not commit.
    """

    columns: tuple[str, ...]
    kinds: tuple[MessageKind, ...]
    tell: Callable[[Session, PackSet, date, datetime], int]


REMINDERS: tuple[Reminder, ...] = (
    Reminder(
        # What a certification is good for is counted from its day, which is kept.
        ("benefit.certified_on",),
        (CERTIFICATION_REMINDER, SUSPENSION_ANNOUNCED),
        lambda session, packs, on, at: tell_of_benefits(session, packs=packs, on=on, at=at),
    ),
    Reminder(
        ("campaign.closes_on",),
        (REVIEW_REMINDER,),
        lambda session, _packs, on, at: tell_of_campaigns(session, on=on, at=at),
    ),
    Reminder(
        ("campaign.closes_on",),
        (BASES_REMINDER, BASE_TO_CONFIRM),
        lambda session, _packs, on, at: tell_of_base_reviews(session, on=on, at=at),
    ),
    Reminder(
        ("mandate.until_on",),
        (MANDATE_ENDING,),
        lambda session, _packs, on, at: remind_of_mandates(session, on=on, at=at),
    ),
    Reminder(
        ("help_mandate.until_on", "community_helper.until_on"),
        (HELP_ENDING, MAY_HELP_ENDING),
        lambda session, _packs, on, at: remind_of_help(session, on=on, at=at),
    ),
    Reminder(
        ("appointment.until_on",),
        (FUNCTION_ENDING,),
        lambda session, _packs, on, at: remind_of_functions(session, on=on, at=at),
    ),
    Reminder(
        ("bill.due_on",),
        (OWN_BILL_DUE,),
        lambda session, _packs, on, at: remind_of_own_bills(session, on=on, at=at),
    ),
    Reminder(
        ("arrears.deferred_until", "deferral.until", "instalment.due_on"),
        (DEFERRAL_ENDING, INSTALMENT_DUE),
        lambda session, _packs, on, at: remind_of_deferrals(session, on=on, at=at),
    ),
    Reminder(
        ("assessment.hearing_until",),
        (HEARING_ENDING,),
        lambda session, _packs, on, at: remind_of_hearings(session, on=on, at=at),
    ),
    Reminder(
        # Counted from the day of service, for whatever is decided against somebody.
        (
            "message_service.served_on",
            "complaint.review_until",
            "complaint.suit_until",
            "pension_application.review_until",
            "pension_application.suit_until",
            "pension_transfer.review_until",
            "pension_transfer.suit_until",
        ),
        (REVIEW_ENDING, SUIT_ENDING, EMPLOYER_REVIEW_ENDING, EMPLOYER_SUIT_ENDING),
        lambda session, packs, on, at: remind_of_remedies(session, packs=packs, on=on, at=at),
    ),
)


class Unreminded(StrEnum):
    """Why nobody is reminded of a last day."""

    # A last day of the office's own, which its desk sees on the first page.
    THE_OFFICES = "the_offices"
    # A few working days, told with the message that begins them: a reminder would come at once.
    SHORT = "short"
    # What ends is made anew in a minute by whoever needs it.
    MADE_ANEW = "made_anew"
    # Nobody may do anything about it before that day, or nothing comes of the day.
    NOTHING_TO_DO = "nothing_to_do"
    # A copy of another column that is named here.
    ELSEWHERE = "elsewhere"


UNREMINDED: Mapping[str, Unreminded] = MappingProxyType(
    {
        "arrears.notice_by": Unreminded.THE_OFFICES,
        "arrears.pay_by": Unreminded.SHORT,
        "bill.late_fee_waived_until": Unreminded.NOTHING_TO_DO,
        "bill_month.due_on": Unreminded.ELSEWHERE,
        "campaign_reopening.former_last_on": Unreminded.NOTHING_TO_DO,
        "campaign_reopening.until_on": Unreminded.ELSEWHERE,
        "api_token.expires_on": Unreminded.MADE_ANEW,
        "complaint.answer_by": Unreminded.THE_OFFICES,
        "document.valid_until_on": Unreminded.MADE_ANEW,
        "employer.registration_due_on": Unreminded.NOTHING_TO_DO,
        "employer.review_due_on": Unreminded.THE_OFFICES,
        "help_code.until_on": Unreminded.ELSEWHERE,
        "levy_run.due_on": Unreminded.ELSEWHERE,
        "levy_run.late_fee_waived_until": Unreminded.NOTHING_TO_DO,
        "message.until_on": Unreminded.ELSEWHERE,
        "pension_application.decide_by": Unreminded.THE_OFFICES,
        "pension_transfer.done_by": Unreminded.THE_OFFICES,
        "pension_transfer.due_on": Unreminded.THE_OFFICES,
        "review.answer_by": Unreminded.SHORT,
        "review_task.due_on": Unreminded.THE_OFFICES,
        "share_code.valid_until_on": Unreminded.MADE_ANEW,
        "sign.due_on": Unreminded.THE_OFFICES,
        "staff_relation.until_on": Unreminded.NOTHING_TO_DO,
        "task.due_on": Unreminded.THE_OFFICES,
    }
)
"""The other last days, by `table.column`."""
