"""What follows from a sent review: a state and a reason, by comparison with the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.base_choice import chosen_base
from siweb.reviews.kinds.certification import SELF, VISIT
from siweb.reviews.kinds.contact import WRONG
from siweb.reviews.kinds.medical_status import NONE, agrees
from siweb.reviews.kinds.questions import QuestionsForm
from siweb.reviews.tables.objection import Problem
from siweb.reviews.tables.review import ReviewState
from siweb.rules.contributions.premium import base_used
from siweb.wizard.definition import StepForm

Forms = Mapping[str, StepForm]
# Not that somebody never worked there: an employer is not asked whether it invented a job.
_EMPLOYER_KNOWS = {Problem.MISSING, Problem.WRONG_BASE}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is or may be wrong; `found_by_office` tells who noticed.

    A month that is wrong in several insurances is one finding; the base is in fen.
    """

    problem: Problem
    words: str = ""
    insurances: tuple[str, ...] = ()
    month: str | None = None
    claimed_base_fen: int | None = None
    found_by_office: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a case goes, why, by when somebody answers, and what was found."""

    state: ReviewState
    reason: str
    answer_by: date | None = None
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def record_check_outcome(forms: Forms, facts: ReviewFacts) -> Outcome:
    """Return what follows from a record check: what was stated, then what the record shows."""
    stated = stated_findings(forms)
    found = compared_findings(facts, stated)
    problems = {finding.problem for finding in stated}
    everything = (*stated, *found)
    # One thing that no employer can answer is enough: the agency looks at the whole case.
    if problems - _EMPLOYER_KNOWS:
        return Outcome(ReviewState.MANUAL_REVIEW, "agency_looks", findings=everything)
    if problems:
        return Outcome(
            ReviewState.EMPLOYER_CONFIRM,
            "employer_asked",
            facts.on + timedelta(days=facts.campaign.employer_days),
            everything,
        )
    # Before gaps of the record: until it is clear whose it is, no employer is asked about it.
    if any(finding.problem is Problem.NAME_DIFFERS for finding in found):
        return Outcome(
            ReviewState.TO_CORRECT,
            "name_differs",
            facts.on + timedelta(days=facts.campaign.correction_days),
            everything,
        )
    if found:
        return Outcome(
            ReviewState.EMPLOYER_CONFIRM,
            "record_has_gap",
            facts.on + timedelta(days=facts.campaign.employer_days),
            everything,
        )
    return Outcome(ReviewState.PASSED, "all_agree")


def base_choice_outcome(forms: Forms, _facts: ReviewFacts) -> Outcome:
    """Return what follows from a base choice: it holds, since the form keeps it in its limits."""
    return Outcome(ReviewState.PASSED, "base_chosen", facts={"base_fen": chosen_base(forms)})


def certification_outcome(forms: Forms, facts: ReviewFacts) -> Outcome:
    """Return what follows from a certification.

    Nothing passes by itself while another office's list says that the person died or is in prison.
    """
    outcome = _certification_outcome(forms, facts)
    if outcome.state is ReviewState.PASSED and facts.is_examined:
        return replace(outcome, state=ReviewState.MANUAL_REVIEW, reason="sign_open")
    return outcome


def _certification_outcome(forms: Forms, facts: ReviewFacts) -> Outcome:
    if facts.by_relative:
        return _declared_by_relative(forms, facts)
    if "confirm" in forms:
        sign = facts.life_sign
        assert sign is not None
        seen = {"source": sign.source, "seen_on": sign.seen_on.isoformat()}
        return Outcome(ReviewState.PASSED, "data_match", facts=seen)
    method = forms["method"].data["method"]
    if method == SELF:
        return _declared(forms, "self_declared")
    reason = "visit_wanted" if method == VISIT else "window_planned"
    return Outcome(ReviewState.MANUAL_REVIEW, reason)


def medical_status_outcome(forms: Forms, facts: ReviewFacts) -> Outcome:
    """Return what follows from a medical status: what the register has holds, else it is examined.

    A subsidy is paid by the government (SIL 25) and never given by somebody's own word.
    """
    status, relief = forms["status"].data, forms.get("relief")
    medical = (Insurance.MEDICAL.value,)
    found = _wrong_person(forms)
    if not agrees(status["status"], facts.medical_scheme):
        found.append(Finding(Problem.MEDICAL_STATUS, status["place"] or "", medical))
    if relief is not None and relief.data["relief"] != NONE:
        found.append(Finding(Problem.MEDICAL_RELIEF, relief.data["words"] or "", medical))
    if found:
        return Outcome(ReviewState.MANUAL_REVIEW, "agency_looks", findings=tuple(found))
    return Outcome(ReviewState.PASSED, "status_confirmed", facts={"status": status["status"]})


def _wrong_person(forms: Forms) -> list[Finding]:
    # A helper is not asked for it.
    contact = forms["contact"].data if "contact" in forms else {"name_is": ""}
    is_wrong = contact["name_is"] == WRONG
    return [Finding(Problem.PERSONAL_DATA, contact["name_words"])] if is_wrong else []


def stated_findings(forms: Forms) -> list[Finding]:
    """Return what the person states to be wrong."""
    found = _wrong_person(forms)
    for step, problem in (("insurances", Problem.INSURANCES), ("account", Problem.ACCOUNT)):
        if forms[step].data["verdict"] == WRONG:
            found.append(Finding(problem, forms[step].data["words"]))
    questions = forms.get("questions")
    if isinstance(questions, QuestionsForm):
        found += [
            Finding(
                Problem(question.problem),
                question.words,
                tuple(question.insurances),
                question.month,
                question.claimed_base_fen,
            )
            for question in questions.questions
        ]
    return found


def compared_findings(facts: ReviewFacts, stated: list[Finding]) -> list[Finding]:
    """Return what the record itself shows to be wrong and the person did not name already."""
    named = {(insurance, finding.month) for finding in stated for insurance in finding.insurances}
    missing: dict[str, list[str]] = {}
    for insurance, month in facts.missing_months:
        if (insurance.value, month) not in named:
            missing.setdefault(month, []).append(insurance.value)
    found = [
        Finding(Problem.MISSING, insurances=tuple(insurances), month=month, found_by_office=True)
        for month, insurances in missing.items()
    ]
    found += [
        Finding(Problem.WRONG_BASE, "", (Insurance.PENSION.value,), month, declared, True)
        for month, declared in _wrong_bases(facts)
        if (Insurance.PENSION.value, month) not in named
    ]
    if any(
        employment.declared_name and employment.declared_name != facts.person.name
        for employment, _name in facts.employments
        if employment.ended_on is None
    ):
        found.append(Finding(Problem.NAME_DIFFERS, found_by_office=True))
    return found


def _wrong_bases(facts: ReviewFacts) -> list[tuple[str, int]]:
    """Return the pension months whose base is not the one declared for them, with that one."""
    wrong = []
    pension = next(line for line in facts.year.insurances if line.insurance is Insurance.PENSION)
    for mark in pension.months:
        if mark.month not in facts.months or not mark.base_fen:
            continue
        declared = _declared_for(facts, mark.month)
        # Floor and ceiling are those of the month itself: they change within the year.
        terms = facts.parameters.for_month(mark.month).premium_terms("pension")
        if declared is not None and mark.base_fen != base_used(
            declared, terms.base_floor, terms.base_ceiling
        ):
            wrong.append((mark.month, declared))
    return wrong


def _declared_for(facts: ReviewFacts, month: str) -> int | None:
    """Return the base in fen that an employer declared last for a month, None without any."""
    declared = [
        base
        for base in facts.declared
        if base.from_month <= month
        and base.insurance in {None, Insurance.PENSION}
        and base.employer_id is not None
    ]
    return declared[-1].declared_base_fen if declared else None


def _declared_by_relative(forms: Forms, facts: ReviewFacts) -> Outcome:
    """Return what follows from a relative's declaration.

    A number and a name are no proof of anything: it passes only where other bodies' data show
    that the recipient is well, else somebody at the agency looks at it.
    """
    relationship = forms["relationship"].data["relationship"]
    declared = _declared(forms, "by_relative", relationship=relationship)
    sign = facts.life_sign
    if declared.state is not ReviewState.PASSED:
        return declared
    if sign is None:
        return replace(declared, state=ReviewState.MANUAL_REVIEW, reason="relative_unmatched")
    seen = {"source": sign.source, "seen_on": sign.seen_on.isoformat()}
    return replace(declared, facts={**declared.facts, **seen})


def _declared(forms: Forms, reason: str, **facts: Any) -> Outcome:
    answers = forms["residence"].data
    evidence = {"residence": answers["residence"], "place": answers["place"], **facts}
    evidence = {name: str(value) for name, value in evidence.items() if value}
    # Recipients abroad have a way of their own (the consular app 中国领事): somebody looks.
    if answers["residence"] == "abroad":
        return Outcome(ReviewState.MANUAL_REVIEW, "lives_abroad", facts=evidence)
    return Outcome(ReviewState.PASSED, reason, facts=evidence)
