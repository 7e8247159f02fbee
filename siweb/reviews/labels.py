"""The words of reviews: kinds, states, reasons; each reason says why and what to do next."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import ObjectionState, Problem
from siweb.reviews.tables.review import ReviewState

KINDS = {
    ReviewKind.RECORD_CHECK: _l("Record check"),
    ReviewKind.BASE_CHOICE: _l("Base choice"),
    ReviewKind.CERTIFICATION: _l("Certification"),
}
KIND_HINTS = {
    ReviewKind.RECORD_CHECK: _l("Look at your year in five insurances and say if it is right."),
    ReviewKind.BASE_CHOICE: _l("Choose the base you pay on in the next payment year."),
    ReviewKind.CERTIFICATION: _l("Confirm once a year that your benefit still goes to you."),
}
STATES = {
    ReviewState.DRAFT: _l("Not sent yet"),
    ReviewState.PASSED: _l("Passed"),
    ReviewState.EMPLOYER_CONFIRM: _l("With the employer"),
    ReviewState.TO_CORRECT: _l("Please correct"),
    ReviewState.MANUAL_REVIEW: _l("With the agency"),
    ReviewState.REJECTED: _l("Not passed"),
}
TONES = {
    ReviewState.PASSED: "good",
    ReviewState.REJECTED: "bad",
    ReviewState.TO_CORRECT: "warn",
}


class Reason(NamedTuple):
    """Why a case stands where it does, and what the person does now."""

    why: object
    next: object


REASONS = {
    "all_agree": Reason(
        _l("You found everything right, and the record agrees."),
        _l("You have nothing more to do this year."),
    ),
    "employer_asked": Reason(
        _l("You questioned months that your employer declared, so the employer is asked first."),
        _l("Wait for the answer. If there is none by the day below, the agency decides."),
    ),
    "record_has_gap": Reason(
        _l("You found everything right, but the record has a gap or a base that was not declared."),
        _l("You need not do anything: the employer is asked, and you are told the result."),
    ),
    "name_differs": Reason(
        _l("Your employer wrote your name differently from the register."),
        _l("Ask the employer to correct it, or bring your ID card to the agency by the day below."),
    ),
    "agency_looks": Reason(
        _l("What you said needs somebody at the agency to look at it."),
        _l("Wait for the decision; the agency calls you if it needs papers."),
    ),
    "base_chosen": Reason(
        _l("The base lies between floor and ceiling."),
        _l("Pay by the usual day each month; you can choose again while the window is open."),
    ),
    "data_match": Reason(
        _l("Data of other public bodies show that you are well."),
        _l("You have nothing more to do; your benefit goes on."),
    ),
    "self_declared": Reason(
        _l("You declared it yourself."),
        _l("You have nothing more to do; your benefit goes on."),
    ),
    "by_relative": Reason(
        _l("A relative declared it; both names are kept."),
        _l("You have nothing more to do; your benefit goes on."),
    ),
    "lives_abroad": Reason(
        _l("You live abroad, so a certificate of life is needed."),
        _l("Send the certificate from the consulate to the agency; the agency calls you."),
    ),
    "visit_wanted": Reason(
        _l("You asked for a visit at home."),
        _l("The agency calls you to find a time. Your benefit goes on meanwhile."),
    ),
    "window_planned": Reason(
        _l("You want to do it at the window."),
        _l("Bring your ID card to the agency. Your benefit goes on meanwhile."),
    ),
    "upheld": Reason(
        _l("The agency found that you were right; the record is corrected."),
        _l("Look at your record in a few days."),
    ),
    "dismissed": Reason(
        _l("The agency found the record to be right."),
        _l(
            "If you do not agree, apply for administrative reconsideration within 60 days or go "
            "to court within 6 months."
        ),
    ),
    "corrected": Reason(
        _l("What was wrong has been put right."),
        _l("You have nothing more to do."),
    ),
    "certified_by_agency": Reason(
        _l("The agency certified you in person."),
        _l("You have nothing more to do; your benefit goes on."),
    ),
    "not_certified": Reason(
        _l("The agency could not certify you."),
        _l(
            "Bring your ID card to the window: an overdue certification is never the end of a "
            "benefit. If you do not agree, apply for administrative reconsideration within 60 days."
        ),
    ),
    "employer_agrees": Reason(
        _l("The employer agrees with you; the agency corrects the record."),
        _l("Look at your record in a few days."),
    ),
    "employer_silent": Reason(
        _l("The employer did not answer in time, so the agency decides."),
        _l("Send the agency what shows your wage or your months, if you have it."),
    ),
    "employer_disagrees": Reason(
        _l("The employer does not agree, so the agency decides."),
        _l("Send the agency what shows your wage or your months, if you have it."),
    ),
}
PROBLEMS = {
    Problem.MISSING: _l("The month is missing"),
    Problem.WRONG_BASE: _l("The base is wrong"),
    Problem.NOT_MY_EMPLOYER: _l("This is not my employer"),
    Problem.INSURANCES: _l("The insurances are not right"),
    Problem.ACCOUNT: _l("The individual account is not right"),
    Problem.NAME_DIFFERS: _l("The employer wrote the name differently"),
    Problem.PERSONAL_DATA: _l("Name or number is not right"),
}
OBJECTION_STATES = {
    ObjectionState.OPEN: _l("Being looked at"),
    ObjectionState.UPHELD: _l("Found right"),
    ObjectionState.DISMISSED: _l("Not found right"),
}
EVENTS = {
    None: _l("Started"),
    ReviewState.DRAFT: _l("Sent"),
}
SOURCES = {
    "medical": _l("a hospital or pharmacy visit"),
    "transport": _l("a journey by train or plane"),
    "bank": _l("a visit at a bank"),
    "community": _l("the community's records"),
    "police": _l("the household register"),
}
