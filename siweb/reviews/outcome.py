"""What follows from a sent review: a state and a reason, by comparison with the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.base_choice import chosen_base
from siweb.reviews.kinds.certification import SELF, VISIT
from siweb.reviews.kinds.questions import QuestionsForm
from siweb.reviews.kinds.record_check import WRONG
from siweb.reviews.tables.objection import Problem
from siweb.reviews.tables.review import ReviewState
from siweb.rules.contributions.premium import base_used
from siweb.wizard.definition import StepForm

Forms = Mapping[str, StepForm]
_EMPLOYER_KNOWS = {Problem.MISSING, Problem.WRONG_BASE}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is or may be wrong; `found_by_office` tells who noticed."""

    problem: Problem
    words: str = ""
    insurance: str | None = None
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
    """Return what follows from a record check: what was said, then what the record itself shows."""
    said = said_findings(forms)
    found = compared_findings(facts, said)
    problems = {one.problem for one in said}
    everything = (*said, *found)
    if problems - _EMPLOYER_KNOWS:
        return Outcome(ReviewState.MANUAL_REVIEW, "agency_looks", findings=everything)
    if problems:
        return Outcome(
            ReviewState.EMPLOYER_CONFIRM,
            "employer_asked",
            facts.on + timedelta(days=facts.campaign.employer_days),
            everything,
        )
    if any(one.problem is Problem.NAME_DIFFERS for one in found):
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
    """Return what follows from a certification."""
    if facts.by_relative:
        return _declared(forms, "by_relative", relationship=forms["relationship"].data)
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


def said_findings(forms: Forms) -> list[Finding]:
    """Return what the person says is wrong."""
    found = []
    contact = forms["contact"].data
    if contact["name_is"] == WRONG:
        found.append(Finding(Problem.PERSONAL_DATA, contact["name_words"]))
    for step, problem in (("insurances", Problem.INSURANCES), ("account", Problem.ACCOUNT)):
        if forms[step].data["verdict"] == WRONG:
            found.append(Finding(problem, forms[step].data["words"]))
    questions = forms.get("questions")
    if isinstance(questions, QuestionsForm):
        found += [
            Finding(Problem(one.problem), one.words, one.insurance, one.month, one.claimed_base_fen)
            for one in questions.questions
        ]
    return found


def compared_findings(facts: ReviewFacts, said: list[Finding]) -> list[Finding]:
    """Return what the record itself shows to be wrong and the person did not name already."""
    named = {(one.insurance, one.month) for one in said}
    found = [
        Finding(Problem.MISSING, insurance=insurance.value, month=month, found_by_office=True)
        for insurance, month in facts.missing_months
        if (insurance.value, month) not in named
    ]
    found += [
        Finding(Problem.WRONG_BASE, "", Insurance.PENSION.value, month, declared, True)
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
    pension = next(one for one in facts.year.insurances if one.insurance is Insurance.PENSION)
    for mark in pension.months:
        if mark.month not in facts.months or not mark.base_fen:
            continue
        declared = _declared_for(facts, mark.month)
        terms = facts.parameters.for_month(mark.month).premium_terms("pension")
        if declared is not None and mark.base_fen != base_used(
            declared, terms.base_floor, terms.base_ceiling
        ):
            wrong.append((mark.month, declared))
    return wrong


def _declared_for(facts: ReviewFacts, month: str) -> int | None:
    known = [
        one
        for one in facts.declared
        if one.from_month <= month
        and one.insurance in {None, Insurance.PENSION}
        and one.employer_id is not None
    ]
    return known[-1].declared_base_fen if known else None


def _declared(forms: Forms, reason: str, **facts: Any) -> Outcome:
    said = forms["residence"].data
    evidence = {"residence": said["residence"], "place": said["place"], **facts}
    evidence = {name: str(value) for name, value in evidence.items() if value}
    if said["residence"] == "abroad":
        return Outcome(ReviewState.MANUAL_REVIEW, "lives_abroad", facts=evidence)
    return Outcome(ReviewState.PASSED, reason, facts=evidence)
