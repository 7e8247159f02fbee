"""The labels of reviews: kinds, states, reasons; each reason says why and what to do next.

Nothing is promised here that the office does not do: tests/reviews/test_promises.py walks them.
"""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from siweb.registry.packs.legal_periods import legal_period
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import ObjectionState, Problem
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tables.task import TaskKind, TaskResult

KINDS = {
    ReviewKind.RECORD_CHECK: _l("Record check"),
    ReviewKind.BASE_CHOICE: _l("Base choice"),
    ReviewKind.CERTIFICATION: _l("Certification"),
    ReviewKind.MEDICAL_STATUS: _l("Medical insurance status"),
    ReviewKind.EMPLOYER_BASES: _l("Yearly base declaration"),
}
KIND_HINTS = {
    ReviewKind.RECORD_CHECK: _l(
        "Check your records of the year in all five insurances, and confirm whether they are right."
    ),
    ReviewKind.BASE_CHOICE: _l("Choose the base you pay on in the next payment year."),
    ReviewKind.CERTIFICATION: _l("Confirm once a year that your benefit still goes to you."),
    ReviewKind.MEDICAL_STATUS: _l(
        "Say in what capacity you have medical insurance this year, "
        "and whether your own part is subsidised."
    ),
}
AGAIN = {
    ReviewKind.RECORD_CHECK: _l("Check the record again"),
    ReviewKind.BASE_CHOICE: _l("Choose again"),
    ReviewKind.MEDICAL_STATUS: _l("State it again"),
}
"""How a passed case is done anew, for the kinds that can be."""
STATES = {
    ReviewState.DRAFT: _l("Not sent yet"),
    ReviewState.PASSED: _l("Passed"),
    ReviewState.EMPLOYER_CONFIRM: _l("With the employer"),
    ReviewState.TO_CORRECT: _l("Papers needed"),
    ReviewState.MANUAL_REVIEW: _l("With the agency"),
    ReviewState.CORRECTING: _l("To be corrected"),
    ReviewState.REJECTED: _l("Not passed"),
}
TONES = {
    ReviewState.PASSED: "good",
    ReviewState.REJECTED: "bad",
    ReviewState.TO_CORRECT: "warn",
    ReviewState.CORRECTING: "warn",
}


class Reason(NamedTuple):
    """Why a case stands where it does, and what the person does now."""

    why: Any
    next: Any


_DONE_THIS_YEAR = _l("You have nothing more to do this year.")
_BENEFIT_GOES_ON = _l("You have nothing more to do; your benefit goes on.")
_WAIT_ON_THIS_PAGE = _l("Wait for the decision: it will stand on this page, with its reasons.")
_ADD_PROOF = _l(
    "Add below what shows your wage or your months: a payslip, a contract, the bank statement."
)
_CORRECTION_COMES = _l("The office sets the record right; when that is done, it stands here.")
_REVIEW, _SUIT = legal_period("administrative_review"), legal_period("lawsuit")
_REMEDIES = _l(
    "If you do not agree, apply for administrative reconsideration within %(review)s or go to "
    "court within %(suit)s.",
    review=_REVIEW,
    suit=_SUIT,
)
REASONS = {
    "all_agree": Reason(_l("You found everything right, and the record agrees."), _DONE_THIS_YEAR),
    "employer_asked": Reason(
        _l("You questioned months that your employer declared, so the employer is asked first."),
        _l("Wait for the answer. If there is none by the day below, the agency decides."),
    ),
    "record_has_gap": Reason(
        _l("You found everything right, but the record has a gap or a base that was not declared."),
        _l("You need not do anything: the employer is asked, and the result will stand here."),
    ),
    "name_differs": Reason(
        _l("Your employer wrote your name differently from the register."),
        _l("Ask the employer to correct it, or bring your ID card to the agency by the day below."),
    ),
    "agency_looks": Reason(
        _l("What you stated has to be examined by the agency."), _WAIT_ON_THIS_PAGE
    ),
    "base_chosen": Reason(
        _l("The base is between floor and ceiling."),
        _l("Pay by the usual day each month; you can choose again while the window is open."),
    ),
    "status_confirmed": Reason(
        _l("You stated the status that the register has."),
        _l("You have nothing more to do. You can state it again while the window is open."),
    ),
    "data_match": Reason(
        _l("Data of other public bodies show that you are well."), _BENEFIT_GOES_ON
    ),
    "self_declared": Reason(_l("You declared it yourself."), _BENEFIT_GOES_ON),
    "by_relative": Reason(
        _l("A relative declared it, and data of other public bodies agree; both names are kept."),
        _BENEFIT_GOES_ON,
    ),
    "relative_unmatched": Reason(
        _l("A relative declared it, and no data of other public bodies agree yet."),
        _l("The agency examines the declaration. Your benefit goes on meanwhile."),
    ),
    "lives_abroad": Reason(
        _l("You live abroad, so a certificate of life is needed."),
        _l("Send the certificate from the consulate to the agency. It has your phone number."),
    ),
    "sign_open": Reason(
        _l("A list of another office says something that the agency has to look at first."),
        _l("You need not do anything; you are told. Your benefit goes on meanwhile."),
    ),
    "visit_wanted": Reason(
        _l("You asked for a visit at home."),
        _l("The agency has your address, number and time. Your benefit goes on meanwhile."),
    ),
    "window_planned": Reason(
        _l("You want to do it at the window."),
        _l("Bring your ID card to the agency. Your benefit goes on meanwhile."),
    ),
    "upheld": Reason(_l("The agency found that you are right."), _CORRECTION_COMES),
    "partly_upheld": Reason(
        _l("The agency found that you are right in part; below it says in what."),
        _l(
            "The office sets the record right in that part; when that is done, it stands here. If "
            "you do not agree with the rest, apply for administrative reconsideration within "
            "%(review)s or go to court within %(suit)s.",
            review=_REVIEW,
            suit=_SUIT,
        ),
    ),
    "dismissed": Reason(_l("The agency found the record to be right."), _REMEDIES),
    "record_confirmed": Reason(
        _l("The agency examined what differed and found the record to be right, as you did."),
        _DONE_THIS_YEAR,
    ),
    "corrected": Reason(
        _l("What was wrong has been put right."), _l("You have nothing more to do.")
    ),
    "corrected_in_part": Reason(
        _l("What you were right about has been put right; the rest of the record stays."),
        _REMEDIES,
    ),
    "certified_by_agency": Reason(_l("The agency certified you in person."), _BENEFIT_GOES_ON),
    "not_certified": Reason(
        _l("The agency could not certify you."),
        _l(
            "Bring your ID card to the window: an overdue certification is never the end of a "
            "benefit. If you do not agree, apply for administrative reconsideration within "
            "%(review)s.",
            review=_REVIEW,
        ),
    ),
    "employer_agrees": Reason(
        _l("The employer agrees with you; now the agency decides."), _WAIT_ON_THIS_PAGE
    ),
    "employer_silent": Reason(
        _l("The employer did not answer in time, so the agency decides."), _ADD_PROOF
    ),
    "employer_disagrees": Reason(
        _l("The employer does not agree, so the agency decides."), _ADD_PROOF
    ),
}
"""Why a case stands where it stands, by the code of its last move."""

PROBLEMS = {
    Problem.MISSING: _l("The month is missing"),
    Problem.WRONG_BASE: _l("The base is wrong"),
    Problem.NOT_MY_EMPLOYER: _l("This is not my employer"),
    Problem.INSURANCES: _l("The insurances are not right"),
    Problem.ACCOUNT: _l("The individual account is not right"),
    Problem.NAME_DIFFERS: _l("The employer wrote the name differently"),
    Problem.PERSONAL_DATA: _l("Name or number is not right"),
    Problem.MEDICAL_STATUS: _l("Another medical status than registered"),
    Problem.MEDICAL_RELIEF: _l("A subsidy of one’s own part"),
}
OBJECTION_STATES = {
    ObjectionState.OPEN: _l("Being examined"),
    ObjectionState.UPHELD: _l("Found right, to be corrected"),
    ObjectionState.DISMISSED: _l("Not found right"),
    ObjectionState.CORRECTED: _l("Corrected"),
    ObjectionState.WITHDRAWN: _l("Withdrawn"),
}
OBJECTION_TONES = {
    ObjectionState.UPHELD: "warn",
    ObjectionState.DISMISSED: "bad",
    ObjectionState.CORRECTED: "good",
}
TASKS = {
    TaskKind.CORRECT_MONTH: _l("Correct a missing month"),
    TaskKind.CORRECT_BASE: _l("Correct a base"),
    TaskKind.CORRECT_EMPLOYER: _l("Correct the employer of a month"),
    TaskKind.CORRECT_INSURANCES: _l("Correct the insurances"),
    TaskKind.CORRECT_ACCOUNT: _l("Correct the individual account"),
    TaskKind.CORRECT_IDENTITY: _l("Correct name or number"),
    TaskKind.CORRECT_STATUS: _l("Correct the medical status"),
    TaskKind.RECHECK: _l("Examine a certification a second time"),
    TaskKind.INVESTIGATE: _l("Establish whether a benefit is still due"),
    TaskKind.BACK_PAY: _l("Pay what was held back"),
}
TASK_RESULTS = {
    TaskResult.DONE: _l("Finished"),
    TaskResult.DOUBTFUL: _l("There are doubts"),
}
SOURCES = {
    "medical": _l("a hospital or pharmacy visit"),
    "transport": _l("a journey by train or plane"),
    "bank": _l("a visit at a bank"),
    "community": _l("the community's records"),
    "police": _l("the household register"),
}


_FROM: dict[str | None, Any] = {
    None: _l("Started"),
    ReviewState.DRAFT: _l("Sent"),
    ReviewState.CORRECTING: _l("Corrected"),
}


def life_sign_source(source: str) -> Any:
    """Return where a sign of life comes from; a body that has no label yet is another body."""
    return SOURCES.get(source, _l("the data of another public body"))


def event_label(from_state: str | None, to_state: str, facts: dict[str, Any]) -> Any:
    """Return what a line of the timeline tells."""
    if "task" in facts:
        return TASKS[TaskKind(facts["task"])]
    if from_state == to_state:
        return _l("Something was added")
    if to_state == ReviewState.DRAFT and from_state is not None:
        return _l("Withdrawn")
    decided = _l("Decided") if ReviewState(to_state).is_decided else _l("Passed on")
    return _FROM.get(from_state, decided)
