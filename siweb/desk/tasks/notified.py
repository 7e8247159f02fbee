"""Whom each action of two people, and each form that one person decides, tells of it.

What changes somebody's money, rights or access reaches them: here stands by which kinds of
message, or why nobody is told. A test walks the actions and the forms, and sends those of two.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from siweb.bring_in.actions import ACTIONS as FILES_OF_EARLIER_SYSTEM
from siweb.messages.kinds import (
    assessments,
    benefits,
    bills,
    complaints,
    helping,
    mandates,
    papers,
    registration,
    reviews,
    sign_in,
    staff,
    transfers,
)
from siweb.messages.message_kind import MessageKind


class Unnotified(StrEnum):
    """Why nobody is told of a deed."""

    # It is about the office itself: its accounts, agencies, figures, terms.
    THE_OFFICES_OWN = "the_offices_own"
    # Whom it concerns died; heirs stand at the counter, or are written to.
    OF_THE_DEAD = "of_the_dead"
    # It changes nothing yet: what follows from it tells, as an issued levy or a moved case does.
    NOTIFIED_LATER = "notified_later"
    # What it carries out was told when it was decided.
    NOTIFIED_BEFORE = "notified_before"
    # What another system had told, or the person did there, is only brought over.
    HAPPENED_ELSEWHERE = "happened_elsewhere"
    # Whom it concerns does it, or stands there and gets it in hand.
    THEIR_OWN = "their_own"


Notified = tuple[MessageKind, ...] | Unnotified

NOTIFIES: Mapping[str, Notified] = MappingProxyType(
    {
        "account.bring_in": (transfers.ACCOUNT_BROUGHT_IN,),
        "account.send_out": (transfers.ACCOUNT_SENT_OUT,),
        "account.set_right": (registration.ACCOUNT_SET_RIGHT,),
        "account.heirs": Unnotified.OF_THE_DEAD,
        "account.temporary": (registration.TEMPORARY_ACCOUNT,),
        "account.ordinary": (registration.TEMPORARY_ACCOUNT_ENDED,),
        "arrears.defer": (bills.DEFERRAL_APPROVED,),
        "arrears.plan": (bills.INSTALMENTS_APPROVED,),
        "arrears.write_off": (bills.BILL_WRITTEN_OFF, registration.MONTHS_WRITTEN_OFF),
        "arrears.reinstate": (bills.BILL_REINSTATED,),
        "bank_account.add": Unnotified.THE_OFFICES_OWN,
        "benefit.back_pay": (benefits.BENEFIT_PAID_BACK, reviews.RECORD_CORRECTED),
        "benefit.withdraw": (registration.BENEFIT_WITHDRAWN,),
        "benefit.begin_again": (registration.BENEFIT_BEGINS_AGAIN,),
        "life_sign.take_back": (registration.SIGN_WITHDRAWN,),
        "benefit.held_to_heirs": Unnotified.OF_THE_DEAD,
        **{
            action.kind: Unnotified.HAPPENED_ELSEWHERE
            for action in FILES_OF_EARLIER_SYSTEM.values()
        },
        # Whoever the campaign is for is told by the day's work, for as long as it is open.
        "campaign.reopen": Unnotified.NOTIFIED_LATER,
        "campaign.close_again": Unnotified.NOTIFIED_LATER,
        "employer.injury_rate": (
            registration.INJURY_RATE_DECIDED,
            registration.INJURY_RATE_RAISED,
        ),
        "help.give": (helping.HELP_GIVEN, helping.MAY_HELP),
        "help.appoint": (helping.HELPER_APPOINTED,),
        "help.end_guardian": (helping.HELP_ENDED, helping.MAY_HELP_NO_MORE),
        "keeping.term": Unnotified.THE_OFFICES_OWN,
        "keeping.lift_hold": Unnotified.THE_OFFICES_OWN,
        "keeping.destroy": Unnotified.THE_OFFICES_OWN,
        "levy.adjust": Unnotified.NOTIFIED_LATER,
        "office.agency_insurances": Unnotified.THE_OFFICES_OWN,
        "office.amount_limit": Unnotified.THE_OFFICES_OWN,
        "office.program": Unnotified.THE_OFFICES_OWN,
        "paper.revoke": (papers.PAPER_REVOKED,),
        "parameters.put_in_force": Unnotified.THE_OFFICES_OWN,
        "payment.refund": (bills.REFUND, bills.EMPLOYER_REFUND),
        "payout.payee": (bills.PAYEE_NAMED, bills.EMPLOYER_PAYEE_NAMED),
        "payout.release": Unnotified.NOTIFIED_BEFORE,
        "pension.approve": (benefits.PENSION_APPROVED,),
        "pension.refuse": (benefits.PENSION_REFUSED,),
        "person.death": Unnotified.OF_THE_DEAD,
        "person.death_taken_back": (registration.DEATH_WITHDRAWN,),
        "person.identity": (registration.IDENTITY_CORRECTED, papers.PAPERS_REVOKED),
        "person.join": (registration.REGISTRATIONS_JOINED, papers.PAPERS_REVOKED),
        "person.separate": (registration.REGISTRATIONS_SEPARATED, papers.PAPERS_REVOKED),
        "record.correct": (
            registration.RECORD_SET_RIGHT,
            registration.RECORD_REDUCED,
            reviews.RECORD_CORRECTED,
            papers.PAPERS_REVOKED,
            bills.BILL_ISSUED,
            bills.OWN_BILL,
        ),
        "review.end_resident": (
            reviews.RESIDENT_ENDED,
            reviews.RECORD_CORRECTED,
            reviews.REVIEW_PASSED,
        ),
        "review.insure_again": (reviews.RESIDENT_AGAIN,),
        # A death or a sentence that was taken in waits for a look, which tells.
        "signs.take_in": Unnotified.NOTIFIED_LATER,
        "signs.stop": (benefits.STOP_ANNOUNCED,),
        "signs.resume": (benefits.STOP_ENDED,),
        "staff.appoint": (staff.FUNCTION_GIVEN,),
        "staff.end": (staff.FUNCTION_ENDED,),
        # It lets somebody act again on relatives' matters; they asked for it themselves.
        "staff.relation_ends": Unnotified.THEIR_OWN,
        "staff.reset_factor": (sign_in.FACTOR_RESET,),
        # Money that came shows on its bills; what bounces, and what is refunded, is told.
        "statement.import": Unnotified.NOTIFIED_LATER,
        # Only while nothing of it was used: no bill was paid with it.
        "statement.withdraw": Unnotified.NOTIFIED_LATER,
        "transfer.fund": (transfers.TRANSFER_MOVES, transfers.TRANSFER_DONE),
        "transfer.refuse": (transfers.TRANSFER_REFUSED,),
    }
)
"""By the kind of the action."""

ALONE_NOTIFIES: Mapping[str, Notified] = MappingProxyType(
    {
        # The checks of proposals that are no tasks: they decide, or end it.
        "assessment_desk.decide_case": (assessments.ASSESSMENT_DECIDED, assessments.REPORT_DECIDED),
        "assessment_desk.drop_case": (assessments.ASSESSMENT_DROPPED, assessments.REPORT_DECIDED),
        "assessment_desk.propose": (assessments.ASSESSMENT_PROPOSED,),
        "hire_reports.show_report": (
            assessments.ASSESSMENT_PROPOSED,
            assessments.REPORT_ACCEPTED,
        ),
        "review_desk.decide": (
            reviews.REVIEW_PASSED,
            reviews.REVIEW_UPHELD,
            reviews.REVIEW_PARTLY_UPHELD,
            reviews.REVIEW_REJECTED,
            reviews.REVIEW_TO_CORRECT,
        ),
        "task_desk.refuse_task": (bills.DEFERRAL_REFUSED,),
        "assessment_desk.settle_case": (assessments.ASSESSMENT_SETTLED,),
        "hire_reports.drop": (assessments.REPORT_DROPPED,),
        "hire_reports.set_employer": Unnotified.NOTIFIED_LATER,
        "campaign_desk.begin": Unnotified.NOTIFIED_LATER,
        "agency_desk.name": Unnotified.THE_OFFICES_OWN,
        "office_desk.change": Unnotified.THE_OFFICES_OWN,
        "employer_counter.register": Unnotified.THEIR_OWN,
        "employer_counter.appoint_owner": (mandates.MANDATE_GIVEN, mandates.MANDATE_GRANTED),
        "counter_desk.register": Unnotified.THEIR_OWN,
        "counter_desk.set_contact": Unnotified.THEIR_OWN,
        "counter_desk.give": (sign_in.ACTIVATION_ISSUED,),
        "copy_desk.make_copy": (papers.DATA_COPIED,),
        "phone_desk.give_code": Unnotified.THEIR_OWN,
        "help_desk.end": (helping.HELP_ENDED, helping.MAY_HELP_NO_MORE),
        "help_desk.end_appointed": (helping.HELPER_DISMISSED,),
        "staff_desk.give_set_up_code": (sign_in.SET_UP_CODE_GIVEN,),
        "levy_desk.begin": Unnotified.NOTIFIED_LATER,
        "levy_desk.go_on": (bills.BILL_ISSUED, bills.OWN_BILL),
        "levy_desk.hand_over_due": Unnotified.NOTIFIED_BEFORE,
        # That a bill is overdue was told; this is the agency's own paper, which was handed over.
        "arrears_desk.note_notice": Unnotified.NOTIFIED_BEFORE,
        "payment_desk.reverse": (bills.PAYMENT_BOUNCED, bills.EMPLOYER_PAYMENT_BOUNCED),
        "entry_desk.confirm_return": (bills.PAYMENT_BOUNCED, bills.EMPLOYER_PAYMENT_BOUNCED),
        "entry_desk.book": Unnotified.NOTIFIED_LATER,
        "entry_desk.dismiss": Unnotified.NOTIFIED_LATER,
        "transfer_desk.note_step": (transfers.TRANSFER_MOVES, transfers.TRANSFER_DONE),
        "payout_desk.take_in": (
            bills.REFUND_RETURNED,
            bills.EMPLOYER_REFUND_RETURNED,
            benefits.BACK_PAY_RETURNED,
        ),
        "statement_desk.go_on": Unnotified.NOTIFIED_LATER,
        "employer_desk.accept": (registration.EMPLOYER_CONFIRMED,),
        # What was wrong of a hire is asked of the employer; its filing was answered.
        "employer_desk.close": Unnotified.NOTIFIED_BEFORE,
        "complaint_desk.show_complaint": (complaints.COMPLAINT_ANSWERED,),
        "complaint_desk.set_employer": Unnotified.NOTIFIED_LATER,
        "complaint_desk.take_one_up": Unnotified.NOTIFIED_LATER,
        "sign_desk.close_list": Unnotified.NOTIFIED_LATER,
        "sign_desk.examine": Unnotified.NOTIFIED_LATER,
        # How a notice was served is no news to whom it was served on.
        "service_desk.note_served": Unnotified.NOTIFIED_BEFORE,
        "service_desk.note_failed": Unnotified.NOTIFIED_BEFORE,
    }
)
"""By the view behind the form."""
