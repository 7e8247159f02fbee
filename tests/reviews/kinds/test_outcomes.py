"""Where a review goes by its answers and the record, and what a form offers: no database needed."""

from datetime import date, timedelta
from types import SimpleNamespace as Some

import pytest
from werkzeug.datastructures import MultiDict

from siweb.registry.codes import Insurance, Scheme
from siweb.reviews.kinds.base_choice import (
    OTHER,
    PERCENTS,
    BaseForm,
    choices,
    limits,
    preview,
)
from siweb.reviews.kinds.certification import DEFINITION, ResidenceForm, VisitForm
from siweb.reviews.kinds.contact import RIGHT, WRONG, ContactForm
from siweb.reviews.kinds.outcome import (
    Finding,
    certification_outcome,
    medical_status_outcome,
    record_check_outcome,
)
from siweb.reviews.kinds.questions import Question, QuestionsForm
from siweb.reviews.tables.objection import Problem
from siweb.reviews.tables.review import ReviewState
from siweb.rules.parameters.load import load_packs

ON, A_DAY = date(2026, 11, 24), timedelta(days=1)
PENSION, MEDICAL = Insurance.PENSION.value, Insurance.MEDICAL.value
PARAMETERS = load_packs().parameters("310000", "2026-12")
FLOOR, CEILING = limits(PARAMETERS)
SEEN = Some(source="bank", seen_on=date(2026, 11, 1))


def given(**steps):
    """Answers by step, as a sent review gives them."""
    return {name: Some(data=data) for name, data in steps.items()}


@pytest.fixture
def page(app):
    """What a form needs around it."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.fixture
def engine(sqlite_engine):
    return sqlite_engine


# Certification


def certify(by_relative=False, sign=SEEN, is_examined=False, **forms):
    facts = Some(by_relative=by_relative, life_sign=sign, is_examined=is_examined)
    found = certification_outcome(given(**forms), facts)
    return found.state, found.reason, dict(found.facts)


HERE = {"residence": "here", "place": ""}
ABROAD = {"residence": "abroad", "place": "巴黎"}
PASSED, LOOKED_AT = ReviewState.PASSED, ReviewState.MANUAL_REVIEW
MATCH = {"source": "bank", "seen_on": "2026-11-01"}


@pytest.mark.parametrize("is_examined", [False, True])
@pytest.mark.parametrize(
    ("by_relative", "sign", "forms", "state", "reason", "facts"),
    [
        (False, SEEN, {"confirm": {}}, PASSED, "data_match", MATCH),
        (False, None, {"method": {"method": "self"}, "residence": HERE}, PASSED, "self_declared",
         {"residence": "here"}),
        (False, None, {"method": {"method": "self"}, "residence": ABROAD}, LOOKED_AT,
         "lives_abroad", {"residence": "abroad", "place": "巴黎"}),
        (False, None, {"method": {"method": "visit"}}, LOOKED_AT, "visit_wanted", {}),
        (False, None, {"method": {"method": "window"}}, LOOKED_AT, "window_planned", {}),
        (True, SEEN, {"relationship": {"relationship": "child"}, "residence": HERE}, PASSED,
         "by_relative", {"residence": "here", "relationship": "child", **MATCH}),
        (True, None, {"relationship": {"relationship": "child"}, "residence": HERE}, LOOKED_AT,
         "relative_unmatched", {"residence": "here", "relationship": "child"}),
        (True, SEEN, {"relationship": {"relationship": "child"}, "residence": ABROAD}, LOOKED_AT,
         "lives_abroad", {"residence": "abroad", "place": "巴黎", "relationship": "child"}),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_nothing_passes_by_itself_that_somebody_has_to_look_at(
    is_examined, by_relative, sign, forms, state, reason, facts
):
    found = certify(by_relative, sign, is_examined, **forms)

    if is_examined and state is PASSED:
        state, reason = LOOKED_AT, "sign_open"
    assert found == (state, reason, facts)


@pytest.mark.parametrize(
    ("by_relative", "sign", "method", "steps"),
    [
        (False, SEEN, None, ["confirm"]),
        (False, None, None, ["method"]),
        (False, None, "self", ["method", "residence"]),
        (False, None, "relative", ["method", "relative"]),
        (False, None, "visit", ["method", "visit"]),
        (False, None, "window", ["method", "window"]),
        (True, SEEN, None, []),
        (True, None, None, []),
    ],
)
def test_the_way_decides_which_steps_are_asked(by_relative, sign, method, steps):
    facts = Some(by_relative=by_relative, life_sign=sign)
    forms = {} if method is None else {"method": Some(method=Some(data=method))}

    asked = [step.name for step in DEFINITION.steps if step.applies(forms, facts)]
    assert asked == steps


@pytest.mark.parametrize(
    ("by_relative", "typed", "shown"),
    [(False, {}, "13800001234"), (False, {"mobile": "1"}, None), (True, {}, None)],
)
def test_a_recipients_own_number_is_filled_in_and_shown_to_nobody_else(
    page, by_relative, typed, shown
):
    form = ResidenceForm(MultiDict(typed), meta={"csrf": False})
    form.prepare(Some(by_relative=by_relative, person=Some(mobile="13800001234")))

    assert (form.mobile.data or None) == shown
    assert ("recipient" in str(form.residence.label.text)) is by_relative


@pytest.mark.parametrize("typed", [{}, {"mobile": "1"}])
def test_a_visit_goes_where_the_register_says_unless_something_was_typed(page, typed):
    form = VisitForm(MultiDict(typed), meta={"csrf": False})
    form.prepare(Some(person=Some(mobile="2", address="路1号")))

    found = (form.mobile.data, form.address.data or "")
    assert found == ((None, "") if typed else ("2", "路1号"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [({}, ("13800001234", "", "a@b.cn")), ({"mobile": ""}, (None, None, None))],
)
def test_what_the_register_has_is_filled_in_until_something_was_sent(page, typed, shown):
    form = ContactForm(MultiDict(typed), meta={"csrf": False})
    form.prepare(Some(person=Some(mobile="13800001234", address=None, email="a@b.cn")))

    found = (form.mobile.data, form.address.data, form.email.data)
    assert found == (shown if not typed else tuple(each or None for each in found))
    assert bool(form.mobile.data) is not bool(typed)


# Record check


def checked(*, asked=(), missing=(), name=None, **steps):
    right = {"verdict": RIGHT, "words": "w"}
    forms = given(
        contact={"name_is": RIGHT, "name_words": "n"}, insurances=right, account=right
    ) | given(**steps)
    if asked:
        form = QuestionsForm.__new__(QuestionsForm)
        form.__dict__["_kept"] = list(asked)
        form.keep = Some(data=[each.key for each in asked])
        form.problem, form.months, form.insurances = Some(data=None), Some(data=()), Some(data=())
        forms["questions"] = form
    pension = Some(insurance=Insurance.PENSION, months=[])
    facts = Some(
        on=ON, campaign=Some(employer_days=10, correction_days=30), missing_months=list(missing),
        year=Some(insurances=[pension]), person=Some(name="王芳"), months=("2025-01",),
        employments=[(Some(declared_name=name, ended_on=None), "甲公司")],
    )  # fmt: skip
    found = record_check_outcome(forms, facts)
    return found.state.value, found.reason, found.answer_by, found.findings


BASE = Question("2025-01", "wrong_base", (PENSION,), "w", 5)
GAP = [(Insurance.PENSION, "2025-01"), (Insurance.MEDICAL, "2025-01")]
FOUND = Finding(
    Problem.MISSING, insurances=(PENSION, MEDICAL), month="2025-01", found_by_office=True
)
LEFT = Finding(Problem.MISSING, insurances=(MEDICAL,), month="2025-01", found_by_office=True)
ASKED = Finding(Problem.WRONG_BASE, "w", (PENSION,), "2025-01", 5)
OTHER_NAME = Finding(Problem.NAME_DIFFERS, found_by_office=True)
SAYS_WRONG = {"verdict": WRONG, "words": "w"}


@pytest.mark.parametrize(
    ("answers", "state", "reason", "days", "findings"),
    [
        ({}, "passed", "all_agree", None, ()),
        ({"name": "王芳"}, "passed", "all_agree", None, ()),
        ({"missing": GAP}, "employer_confirm", "record_has_gap", 10, (FOUND,)),
        ({"name": "王方"}, "to_correct", "name_differs", 30, (OTHER_NAME,)),
        ({"name": "王方", "missing": GAP}, "to_correct", "name_differs", 30, (FOUND, OTHER_NAME)),
        ({"asked": [BASE]}, "employer_confirm", "employer_asked", 10, (ASKED,)),
        # What the person named already is not found once more.
        ({"asked": [BASE], "missing": GAP}, "employer_confirm", "employer_asked", 10,
         (ASKED, LEFT)),
        ({"insurances": SAYS_WRONG}, "manual_review", "agency_looks", None,
         (Finding(Problem.INSURANCES, "w"),)),
        ({"account": SAYS_WRONG}, "manual_review", "agency_looks", None,
         (Finding(Problem.ACCOUNT, "w"),)),
        ({"contact": {"name_is": WRONG, "name_words": "n"}}, "manual_review", "agency_looks",
         None, (Finding(Problem.PERSONAL_DATA, "n"),)),
        ({"asked": [BASE], "account": SAYS_WRONG}, "manual_review", "agency_looks", None,
         (Finding(Problem.ACCOUNT, "w"), ASKED)),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_record_check_goes_to_whoever_can_answer_it(answers, state, reason, days, findings):
    by = None if days is None else ON + days * A_DAY
    assert checked(**answers) == (state, reason, by, findings)


# Medical status


@pytest.mark.parametrize(
    ("status", "scheme", "relief", "problems"),
    [
        ("resident", Scheme.RESIDENT, "none", []),
        ("student", Scheme.RESIDENT, None, []),
        ("elsewhere", None, None, []),
        ("flexible", Scheme.RESIDENT, None, [Problem.MEDICAL_STATUS]),
        ("resident", None, "disabled", [Problem.MEDICAL_STATUS, Problem.MEDICAL_RELIEF]),
        ("resident", Scheme.RESIDENT, "old", [Problem.MEDICAL_RELIEF]),
    ],
)
def test_what_the_register_has_holds_and_all_else_is_looked_at(status, scheme, relief, problems):
    forms = {"status": {"status": status, "place": "p"}}
    forms |= {} if relief is None else {"relief": {"relief": relief, "words": "r"}}
    found = medical_status_outcome(given(**forms), Some(medical_scheme=scheme))

    assert [each.problem for each in found.findings] == problems
    assert found.state is (LOOKED_AT if problems else PASSED)
    assert dict(found.facts) == ({} if problems else {"status": status})
    assert {each.words for each in found.findings} <= {"p", "r"}


# Base choice


def test_the_steps_lie_between_floor_and_ceiling_and_each_once():
    offered = choices(PARAMETERS, (PENSION, MEDICAL))

    bases = [each.base_fen for each in offered]
    assert bases == sorted(set(bases))
    wage = PARAMETERS.average_wage("flexible")
    assert bases == [min(max(wage * each // 100, FLOOR), CEILING) for each in PERCENTS]
    for each in offered:
        shown = preview(PARAMETERS, (PENSION, MEDICAL), each.base_fen)
        assert each.total_fen == shown.total_fen == sum(line.premium.total for line in shown.lines)


def test_without_a_wage_the_ceiling_is_three_times_as_much():
    class Unknown:
        def average_wage(self, _scheme):
            return None

        def __getattr__(self, name):
            return getattr(PARAMETERS, name)

    by_percent = {each.percent: each.base_fen for each in choices(Unknown(), (PENSION,))}
    assert by_percent[300] == CEILING
    assert abs(by_percent[150] * 2 - CEILING) <= 10


def test_what_goes_into_the_account_is_of_the_pension_alone():
    both, medical = (
        preview(PARAMETERS, (PENSION, MEDICAL), FLOOR),
        preview(PARAMETERS, (MEDICAL,), FLOOR),
    )
    assert both.account_fen == FLOOR * both.account_ppm // 1_000_000
    assert medical.account_fen == 0
    assert [line.insurance for line in both.lines] == [PENSION, MEDICAL]


def base_form(typed=None, earlier=None):
    form = BaseForm(MultiDict(typed or {}), meta={"csrf": False})
    facts = Some(parameters=PARAMETERS, flexible_insurances=(PENSION,), earlier_base_fen=earlier)
    form.prepare(facts)
    return form


@pytest.mark.parametrize(
    ("typed", "earlier", "choice", "amount"),
    [
        ({}, None, None, None),
        ({}, CEILING, "300", None),
        ({}, FLOOR + 1, OTHER, FLOOR + 1),
        ({"choice": "300"}, FLOOR + 1, "300", None),
        ({"amount": ""}, FLOOR + 1, None, None),
    ],
)
def test_who_chooses_again_begins_with_what_holds(page, typed, earlier, choice, amount):
    form = base_form(typed, earlier)
    assert (form.choice.data, form.amount.data) == (choice, amount)


@pytest.mark.parametrize(
    ("choice", "amount", "base"),
    [
        ("300", "", CEILING), ("300", "1", CEILING), (OTHER, FLOOR, FLOOR),
        (OTHER, CEILING, CEILING), (OTHER, FLOOR - 1, None), (OTHER, CEILING + 1, None),
        (OTHER, "", None), ("1", "", None),
    ],
)  # fmt: skip
def test_an_amount_is_held_between_floor_and_ceiling(page, choice, amount, base):
    text = f"{amount / 100:.2f}" if isinstance(amount, int) else amount
    form = base_form({"choice": choice, "amount": text})

    assert form.validate() is (base is not None)
    assert form.base_fen == base
    assert form.values() == {"base_fen": base}
    assert (form.preview is None) is (base is None)
    assert len(form.lines()) == (0 if base is None else 3)
