"""Every kind of message by its name: whom it reaches, what it says, where the matter waits."""

from flask_babel import lazy_gettext as _l

from siweb.messages import help_kinds, paper_kinds, register_kinds, review_kinds, sign_in_kinds
from siweb.messages.message_kind import MessageKind, Reader

# Two months, one month and a week before the last day of something.
BEFORE = (60, 30, 7)
_REVIEWS = "reviews.show_due"
_PENSION = "pensions.show_pension"
_BENEFITS = "benefits.show_benefits"
_TRANSFERS = "transfers.show_transfers"
_ACCOUNT = "auth.show_sign_ins"
_COMPLAINTS = "complaints.show_complaints"

REVIEW_UNDER_WAY = MessageKind(
    "review_under_way",
    Reader.PERSON,
    _l("Your annual review is being looked at"),
    _l("Your answers were received. You are told when they are decided."),
    _REVIEWS,
)
REVIEW_TO_CORRECT = MessageKind(
    "review_to_correct",
    Reader.PERSON,
    _l("Your annual review needs you again"),
    _l("Something in it has to be put right or added."),
    _REVIEWS,
)
REVIEW_PASSED = MessageKind(
    "review_passed",
    Reader.PERSON,
    _l("Your annual review is done"),
    _l("Its receipt is ready."),
    _REVIEWS,
)
REVIEW_UPHELD = MessageKind(
    "review_upheld",
    Reader.PERSON,
    _l("Your objection was upheld"),
    _l("The agency puts your record right. You are told when that is done."),
    _REVIEWS,
)
REVIEW_PARTLY_UPHELD = MessageKind(
    "review_partly_upheld",
    Reader.PERSON,
    _l("Your objections were upheld in part"),
    _l("Read what the agency puts right, what it does not and why, and what you can do about it."),
    _REVIEWS,
    needs_service=True,
)
REVIEW_REJECTED = MessageKind(
    "review_rejected",
    Reader.PERSON,
    _l("Your annual review was decided"),
    _l("The decision is not in your favour. Read its reasons, and what you can do about it."),
    _REVIEWS,
    needs_service=True,
)
RECORD_CORRECTED = MessageKind(
    "record_corrected",
    Reader.PERSON,
    _l("What you objected to was put right"),
    _l("Look at the case: it says what was done."),
    _REVIEWS,
)
RECORD_SET_RIGHT = MessageKind(
    "record_set_right",
    Reader.PERSON,
    _l("Your contribution record was corrected"),
    _l("Read which months changed, on which paper that rests, and what you can do about it."),
    "corrections.show_corrections",
)
IDENTITY_CORRECTED = MessageKind(
    "identity_corrected",
    Reader.PERSON,
    _l("Your name, sex, birth date or ID number was corrected"),
    _l("Read what changed and on which paper it rests. If it is wrong, tell the agency."),
    "corrections.show_corrections",
)
REGISTRATIONS_JOINED = MessageKind(
    "registrations_joined",
    Reader.PERSON,
    _l("Two registrations of yours were joined"),
    _l("See what they were, and sign in with either number. If it is wrong, tell the agency."),
    "corrections.show_corrections",
)
OBJECTION_ANSWERED = MessageKind(
    "objection_answered",
    Reader.PERSON,
    _l("Your employer answered your objection"),
    _l("The agency decides next."),
    _REVIEWS,
)
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
TRANSFER_APPLIED = MessageKind(
    "transfer_applied",
    Reader.PERSON,
    _l("You applied for a transfer: it is done by %(day)s"),
    _l("If that was not you, go to the agency's counter at once."),
    _TRANSFERS,
)
TRANSFER_MOVES = MessageKind(
    "transfer_moves",
    Reader.PERSON,
    _l("Your transfer is a step further"),
    _l("See which step was taken, and what comes next until when."),
    _TRANSFERS,
)
TRANSFER_DONE = MessageKind(
    "transfer_done",
    Reader.PERSON,
    _l("Your transfer is done"),
    _l("See whether the months and the account are right."),
    _TRANSFERS,
)
TRANSFER_REFUSED = MessageKind(
    "transfer_refused",
    Reader.PERSON,
    _l("Your transfer was refused"),
    _l("Read the reasons, and what you can do about it."),
    _TRANSFERS,
    needs_service=True,
)
OWN_BILL = MessageKind(
    "own_bill",
    Reader.PERSON,
    _l("You have a new bill"),
    _l("See what it is for, and by when and how to pay."),
    "bills.show_own_bills",
)
REFUND = MessageKind(
    "refund",
    Reader.PERSON,
    _l("A refund to you was decided"),
    _l("See what it is for among your bills."),
    "bills.show_own_bills",
)
REFUND_RETURNED = MessageKind(
    "refund_returned",
    Reader.PERSON,
    _l("A refund to you came back"),
    _l("The bank could not keep it on the account. Tell the agency another account of yours."),
    "bills.show_own_bills",
)
MANDATE_GIVEN = MessageKind(
    "mandate_given",
    Reader.PERSON,
    _l("You may act for an employer"),
    _l("If you do not know the employer, tell the agency."),
    "employers.choose",
)
MANDATE_REVOKED = MessageKind(
    "mandate_revoked",
    Reader.PERSON,
    _l("You no longer act for an employer"),
    _l("The right to act for it was ended."),
    "employers.choose",
)
MANDATE_ENDING = MessageKind(
    "mandate_ending",
    Reader.PERSON,
    _l("Your right to act for an employer ends on %(day)s"),
    _l("Ask its owner for a new one if you go on acting for it."),
    "employers.choose",
    days_before=BEFORE,
)
ACCOUNT_OPENED = MessageKind(
    "account_opened",
    Reader.PERSON,
    _l("Your account was opened"),
    _l("If that was not you, go to the agency's counter at once."),
    _ACCOUNT,
)
ACTIVATION_ISSUED = MessageKind(
    "activation_issued",
    Reader.PERSON,
    _l("The agency gave out an activation code for your account"),
    _l("It can give your account a new password. If you did not ask for it, call the agency."),
    _ACCOUNT,
)
ACTIVATION_USED = MessageKind(
    "activation_used",
    Reader.PERSON,
    _l("An activation code gave your account a new password"),
    _l("If that was not you, go to the agency's counter at once."),
    _ACCOUNT,
)
PASSWORD_CHANGED = MessageKind(
    "password_changed",
    Reader.PERSON,
    _l("Your password was changed"),
    _l("If that was not you, go to the agency's counter at once."),
    _ACCOUNT,
)
FACTOR_RESET = MessageKind(
    "factor_reset",
    Reader.PERSON,
    _l("Your second factor was reset"),
    _l("Set up a new one with your next sign-in. If you did not ask for it, tell the agency."),
    _ACCOUNT,
)
COMPLAINT_RECEIVED = MessageKind(
    "complaint_received",
    Reader.PERSON,
    _l("Your complaint was received"),
    _l("The agency answers it in writing by %(day)s."),
    _COMPLAINTS,
)
COMPLAINT_ANSWERED = MessageKind(
    "complaint_answered",
    Reader.PERSON,
    _l("Your complaint was answered"),
    _l("Read the answer with its reasons, and what you can do about it."),
    _COMPLAINTS,
    needs_service=True,
)
OBJECTION_TO_ANSWER = MessageKind(
    "objection_to_answer",
    Reader.EMPLOYER,
    _l("An employee objects: answer by %(day)s"),
    _l("Without an answer the agency decides alone."),
    "objections.show_objections",
)
FILING_ACCEPTED = MessageKind(
    "filing_accepted",
    Reader.EMPLOYER,
    _l("A filing was accepted"),
    _l("Its receipt is ready."),
    "filings.show_filings",
)
FILING_WITHDRAWN = MessageKind(
    "filing_withdrawn",
    Reader.EMPLOYER,
    _l("A filing was withdrawn"),
    _l("See which of its rows no longer hold."),
    "filings.show_filings",
)
FILING_FINDINGS = MessageKind(
    "filing_findings",
    Reader.EMPLOYER,
    _l("A filing has rows to correct"),
    _l("They are not filed until they are corrected and sent."),
    "filings.show_filings",
)
BILL_ISSUED = MessageKind(
    "bill_issued",
    Reader.EMPLOYER,
    _l("There is a new bill"),
    _l("See what it is for, and by when and how to pay."),
    "bills.show_bills",
)
BILL_OVERDUE = MessageKind(
    "bill_overdue",
    Reader.EMPLOYER,
    _l("A bill was due on %(day)s and is not paid"),
    # SIL 86: it runs by law from the day of arrears, whether this was read or not.
    _l("A late fee runs by law for every day since."),
    "bills.show_bills",
)
BILL_WRITTEN_OFF = MessageKind(
    "bill_written_off",
    Reader.EMPLOYER,
    _l("A bill of yours was written off"),
    _l("Nobody asks for it any more. The claim stays on file."),
    "bills.show_bills",
)
BILL_REINSTATED = MessageKind(
    "bill_reinstated",
    Reader.EMPLOYER,
    _l("A bill that was written off is to be paid again"),
    _l("See which one, and how to pay."),
    "bills.show_bills",
)
EMPLOYER_REFUND = MessageKind(
    "employer_refund",
    Reader.EMPLOYER,
    _l("A refund was decided"),
    _l("See what it is for among the bills."),
    "bills.show_bills",
)
ASSESSMENT_PROPOSED = MessageKind(
    "assessment_proposed",
    Reader.EMPLOYER,
    _l("The agency proposes an assessment"),
    _l("Read it and say what speaks against it; the case says until when you may."),
    "assessments.show_cases",
    needs_service=True,
)
ASSESSMENT_DECIDED = MessageKind(
    "assessment_decided",
    Reader.EMPLOYER,
    _l("An assessment was decided"),
    _l("Read the decision with its reasons, and what you can do about it."),
    "assessments.show_cases",
    needs_service=True,
)
INJURY_RATE_DECIDED = MessageKind(
    "injury_rate_decided",
    Reader.EMPLOYER,
    _l("The agency decided your rate for work injury"),
    _l("Read which class and tier hold from when on."),
    "registration.show",
)
MANDATE_GRANTED = MessageKind(
    "mandate_granted",
    Reader.EMPLOYER,
    _l("Somebody may act for the employer since today"),
    _l("See who may act, and end what you do not know."),
    "mandates.show_mandates",
)

# Whoever writes a new one above, or in one of these files, need not list it.
_FILES = (help_kinds, paper_kinds, register_kinds, review_kinds, sign_in_kinds)
_WRITTEN = (*globals().values(), *(value for file in _FILES for value in vars(file).values()))
KINDS = {kind.name: kind for kind in _WRITTEN if isinstance(kind, MessageKind)}
