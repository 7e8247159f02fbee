"""Public calculators: what each answers, from its question to the steps and the link."""

import html
import re

import pytest

from siweb.audit.actor import SYSTEM
from siweb.portal.calculators.kinds import KINDS
from siweb.registry.packs.import_packs import import_packs
from siweb.rules.parameters.read import read_pack
from tests.conftest import NOW
from tests.portal.calculators.conftest import BEIJING, ELSEWHERE, SHANGHAI, SHENZHEN, words
from tests.rules.packs import limits, pack_text, rates, row

ANSWERS = {
    "premium-employee": {"wage": "5000", "month": "2025-07"},
    "premium-employer": {
        "wages": "3333.33\n3333.33",
        "month": "2025-07",
        "injury_class": "1",
        "injury_tier": "1000000",
    },
    "premium-flexible": {"base": "10000", "month": "2025-07"},
    "retirement-date": {"birth_month": "1965-12", "category": "male"},
    "pension-estimate": {
        "months_paid": "240",
        "index": "0.8",
        "balance": "120000",
        "age_years": "60",
        "average_wage": "10000",
    },
    "late-fee": {"arrears": "12345.67", "due_on": "2025-02-15", "paid_on": "2025-03-20"},
    "thirty-day-deadline": {"event": "employee_registration", "happened_on": "2025-01-31"},
}
FIGURES = {
    "premium-employee": "CNY 755.01",
    "premium-employer": "CNY 5,305.88",
    "premium-flexible": "CNY 2,684.92",
    "retirement-date": "March 2026",
    "pension-estimate": "CNY 2,663.31",
    "late-fee": "CNY 203.70",
    "thirty-day-deadline": "3 March 2025",
}
kinds = pytest.mark.parametrize("kind", KINDS)


def figure(page):
    return html.unescape(re.search(r'<p class="figure">([^<]*)</p>', page)[1])


def link(page):
    return html.unescape(re.search(r'href="([^"]*)">Link to this result', page)[1])


def test_every_calculator_is_tried_here():
    assert ANSWERS.keys() == FIGURES.keys() == KINDS.keys()


@kinds
def test_a_question_is_answered_beside_it_with_its_steps(asked, kind):
    page = asked(kind, **ANSWERS[kind])

    assert figure(page) == FIGURES[kind]
    assert page.index("<form ") < page.index('id="result"')
    assert '<details class="worked-out">' in page
    assert page.count("<li><b>") >= 1


@kinds
def test_the_link_reproduces_the_result(asked, visitor, kind):
    page = asked(kind, **ANSWERS[kind])

    again = visitor.get(link(page)).get_data(as_text=True)

    assert figure(again) == FIGURES[kind]
    assert link(again) == link(page)


@kinds
def test_htmx_gets_the_result_alone(asked, kind):
    piece = asked(kind, headers={"HX-Request": "true"}, **ANSWERS[kind])

    assert piece.startswith('<section id="result"')
    assert figure(piece) == FIGURES[kind]


@kinds
def test_a_page_says_that_its_figures_are_for_demonstration(asked, kind):
    for answers in ({}, ANSWERS[kind]):
        assert "Demonstration: check your local notice." in asked(kind, **answers)


@kinds
def test_an_empty_question_asks_and_does_not_complain(asked, kind):
    page = asked(kind)

    assert "The result appears here." in page
    assert "error-summary" not in page


@kinds
def test_what_is_missing_is_said_beside_the_field_and_in_the_summary(asked, kind):
    first = next(iter(ANSWERS[kind]))
    page = asked(kind, status=422, **{**ANSWERS[kind], first: ""})

    assert 'id="error-summary"' in page
    assert f'id="{first}-error"' in page


@kinds
def test_a_page_is_small_and_asks_the_database_little(asked, kind):
    assert len(asked(kind, **ANSWERS[kind]).encode()) < 40_000


def test_only_the_estimate_says_that_it_is_one(asked):
    shown = {kind: "An estimate, not a decision" in asked(kind, **ANSWERS[kind]) for kind in KINDS}

    assert [kind for kind, is_shown in shown.items() if is_shown] == ["pension-estimate"]


def test_a_result_names_the_notices_it_rests_on(asked):
    page = asked("premium-employee", **ANSWERS["premium-employee"])

    assert "京人社发〔2025〕11号" in words(page)


def test_an_employee_sees_each_insurance_and_the_account(asked):
    page = words(asked("premium-employee", **ANSWERS["premium-employee"]))

    assert "Pension insurance base 7,162.00 1,145.92 572.96" in page
    assert "Medical insurance base 7,162.00 701.88 146.24" in page
    assert "CNY 572.96 go to the personal account and CNY 1,145.92 to the pool" in page


def test_an_employers_class_without_the_tier_is_refused(asked):
    answers = {**ANSWERS["premium-employer"], "injury_tier": "500000"}

    page = asked("premium-employer", status=422, **answers)
    assert "Class 1 does not have this tier." in page


def test_a_wage_that_is_no_amount_keeps_what_was_typed(asked):
    page = asked("premium-employee", status=422, wage="五千")

    assert 'value="五千"' in page
    assert "Enter an amount in yuan, for example 6000 or 6000.50." in page


def test_a_month_without_figures_is_said(asked):
    page = asked("premium-employee", status=422, wage="5000", month="1999-01")

    assert "There are no figures for January 1999." in page


def test_shanghai_rounds_up_to_the_jiao(asked):
    page = words(asked("premium-employee", SHANGHAI, wage="10000.01", month="2025-07"))

    assert "Pension insurance base 10,000.01 1,600.10 800.10" in page


def test_a_retirement_by_choice_shows_its_window_and_the_months_needed(asked):
    page = words(asked("retirement-date", **ANSWERS["retirement-date"]))

    assert "from December 2025 on" in page
    assert "as late as March 2029" in page
    assert "For a pension that starts in 2026 you need at least" in page


@pytest.mark.parametrize("birth_month", ["1899-12", "2027-01", "1965-13", "soon"])
def test_a_birth_month_that_cannot_be_is_refused(asked, birth_month):
    asked("retirement-date", status=422, birth_month=birth_month, category="male")


def test_a_deadline_that_is_a_day_off_moves(asked):
    page = words(asked("thirty-day-deadline", **ANSWERS["thirty-day-deadline"]))

    assert "By counting it would be 2 March 2025, which is a day off" in page


def test_a_year_without_a_calendar_is_flagged(asked):
    page = words(asked("thirty-day-deadline", event="termination_report", happened_on="2031-01-01"))

    assert "The holidays of 2031 are not published yet" in page


def test_a_payment_in_time_costs_nothing(asked):
    page = asked("late-fee", arrears="100", due_on="2025-02-15", paid_on="2025-02-15")

    assert figure(page) == "CNY 0.00"
    assert "The payment is not late." in page


def test_a_region_without_figures_has_the_nations_calculators_only(visitor):
    page = visitor.get(f"/cities/{ELSEWHERE}/calculators/").get_data(as_text=True)

    assert "There are no figures for premiums in this city yet." in page
    assert "late-fee" in page
    assert "premium-employee" not in page
    assert visitor.get(f"/cities/{ELSEWHERE}/calculators/premium-employee").status_code == 404


@pytest.mark.parametrize(
    "address", ["/cities/110000/calculators/lottery", "/cities/000000/calculators/"]
)
def test_there_is_no_other_calculator(visitor, address):
    assert visitor.get(address).status_code == 404


def test_the_list_offers_all_of_them(visitor):
    page = visitor.get("/cities/110000/calculators/").get_data(as_text=True)

    assert all(f"/cities/110000/calculators/{kind}" in page for kind in KINDS)
    assert "Demonstration: check your local notice." in page


PROVISIONAL = "Provisional until the notice: the figures from July 2027 on are not published yet."


@pytest.mark.parametrize(("month", "is_provisional"), [("2027-06", False), ("2027-07", True)])
def test_figures_of_an_earlier_payment_year_are_provisional(asked, month, is_provisional):
    for kind in ("premium-employee", "premium-employer", "premium-flexible"):
        page = words(asked(kind, SHANGHAI, **{**ANSWERS[kind], "month": month}))

        assert (PROVISIONAL in page) is is_provisional
        assert page.count("Provisional until the notice") == is_provisional


def test_a_pension_goes_by_a_provisional_wage_unless_one_was_entered(asked):
    answers = ANSWERS["pension-estimate"]

    own = words(asked("pension-estimate", **answers))
    of_the_pack = words(asked("pension-estimate", **{**answers, "average_wage": ""}))

    assert "Provisional" not in own
    assert "the figures from January 2026 on are not published yet" in of_the_pack


def test_an_insurance_without_a_known_rate_is_named_and_in_no_sum(asked):
    december, january = (
        words(asked("premium-employee", SHENZHEN, wage="9000", month=month))
        for month in ("2025-12", "2026-01")
    )

    assert "is not in the sum" not in december
    assert ("Unemployment insurance is not in the sum: its rate is known through December 2025 only."
            ) in january  # fmt: skip


@pytest.mark.parametrize(
    ("event", "day", "last_day"),
    [("registration_change", "2026-03-02", "16 March 2026"),
     ("individual_registration", "2026-03-02", "16 March 2026"),
     ("pension_application", "2026-03-02", "30 March 2026")],
)  # fmt: skip
def test_working_days_of_the_regulation_of_2023(asked, event, day, last_day):
    assert figure(asked("thirty-day-deadline", event=event, happened_on=day)) == last_day


def test_the_regulation_of_2023_does_not_hold_for_the_month_before_it(asked):
    answers = {"event": "pension_application", "happened_on": "2023-11-30"}

    page = asked("thirty-day-deadline", status=422, **answers)

    assert "There are no figures for November 2023." in page


def test_uncertain_figures_are_marked_beside_their_notice(asked):
    page = words(asked("premium-employee", SHENZHEN, wage="1", month="2024-08"))

    assert "粤人社发〔2024〕33号 (uncertain figure)" in page


@pytest.mark.parametrize(
    ("paid_on", "sentence"),
    [("2025-02-16", "for 1 day of delay."), ("2025-02-17", "for 2 days of delay.")],
)
def test_days_of_delay_are_counted_in_words(asked, paid_on, sentence):
    page = words(asked("late-fee", arrears="100", due_on="2025-02-15", paid_on=paid_on))

    assert sentence in page


def test_every_notice_says_how_sure_it_is(asked):
    page = words(asked("premium-employee", **ANSWERS["premium-employee"]))

    assert "京人社发〔2025〕11号 (as the notice says)" in page
    assert "当地医疗保障部门通知 (as copies of the notice say)" in page
    assert "经办实务 (as agencies usually do)" in page


@pytest.fixture
def own_pack(session):
    """Put a pack of the office's own in force for Beijing."""

    def put(*rows):
        text = pack_text(*rows, region=BEIJING)
        pack, problems = read_pack(text, "beijing.toml")
        assert (problems, pack is None) == ([], False)
        import_packs(session, [pack], actor=SYSTEM, at=NOW)
        session.commit()

    return put


MEDICAL = {"insurance": '"medical"'}


def test_an_offices_own_pack_is_no_demonstration(asked, visitor, own_pack):
    own_pack(limits(), rates())

    page = asked("premium-employee", wage="9000", month="2025-07")

    assert "Demonstration: check your local notice." not in page
    assert "notice (as the notice says)" in words(page)
    listed = visitor.get("/cities/110000/calculators/").get_data(as_text=True)
    assert "Demonstration: check your local notice." not in listed
    assert "Demonstration" in asked("premium-employee", SHANGHAI, wage="9000", month="2025-07")


@pytest.mark.parametrize(
    "pension",
    [(), (limits(), rates(effective_to='"2025-12"'))],
    ids=["without a pension", "with a pension rate that has ended"],
)
def test_a_scheme_without_a_pension_rate_is_answered(asked, own_pack, pension):
    own_pack(*pension, limits(**MEDICAL), rates(**MEDICAL))

    page = words(asked("premium-employee", wage="9000", month="2026-02"))

    assert "Medical insurance base 9,000.00" in page
    assert "personal account" not in page
    assert ("Pension insurance is not in the sum" in page) is bool(pension)


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [("pension-estimate", {"index": "0,8"}, "“0,8” is not a number. Enter it like 0.8."),
     ("premium-employer", {"wages": "3000\nx"},
      "“x” is not an amount in yuan. Enter one wage a line, like 6000."),
     ("premium-employer", {"wages": "1 " * 101}, "Enter at most 100 wages at a time."),
     ("late-fee", {"due_on": "2011-06-30"}, "There are no figures for June 2011."),
     ("pension-estimate", {"age_years": "70", "age_months": "1"},
      "The national table has no row for this age.")],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_said_at_its_field(asked, kind, changes, sentence):
    assert sentence in html.unescape(asked(kind, status=422, **{**ANSWERS[kind], **changes}))


def test_a_city_without_the_wage_of_pensions_asks_for_it(asked):
    answers = {**ANSWERS["pension-estimate"], "average_wage": ""}

    page = asked("pension-estimate", ELSEWHERE, status=422, **answers)

    assert "There is no figure for this city: enter the wage." in page


def test_lengths_and_tiers_on_offer_are_those_of_the_pack(asked, own_pack):
    length = {
        "name": '"termination_report"', "length": 7, "unit": '"working_days"', "moves": "false",
        "rule": '"local"',
    }  # fmt: skip
    tiers = {"injury_class": 1, "tiers": '["100", "135"]'}
    own_pack(limits(), rates(), row("deadlines", length), row("injury_tiers", tiers))

    page = asked("thirty-day-deadline")
    assert "An employment ended: report within 7 working days" in words(page)
    assert "Somebody started to work: register within 30 days" in words(page)
    assert '<option value="1350000">135%</option>' in asked("premium-employer")
