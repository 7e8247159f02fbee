"""The record over the years: each month of each insurance is a cell, and what is missing has a name."""

import gzip
import re
from datetime import date

import pytest
from sqlalchemy import event

from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.month import load_month
from siweb.ledgers.record.year import load_year
from siweb.ledgers.record.year_sheet import load_sheet
from siweb.ledgers.record.years import Employment, Gap, load_years
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import add_months, month_of, months_through
from tests import factories
from tests.conftest import NOW

ON = NOW.date()
PENSION, MEDICAL = Insurance.PENSION, Insurance.MEDICAL
OWN = {"insurance": PENSION}


def paid(session, person, first, last, **values):
    for month in months_through(first, last):
        factories.make_record(session, person, month, **(OWN | values))


def page_of(owner):
    answer = owner.get("/record")
    assert answer.status_code == 200
    return answer.text


def picture(page, insurance):
    """The signs and the grounds of an insurance's picture, in the order in which they are drawn."""
    panel = page.split(f"<h2>{insurance}</h2>")[1].split("</section>")[0]
    return re.findall(r'<text class="[bumn]"[^>]*>([^<]*)<', panel), re.findall(
        r'<rect class="(\w)"', panel
    )


def test_each_year_leads_to_its_months_and_says_how_many_are_paid(owner, full_year):
    page = page_of(owner)

    row = re.search(r'<a href="/record/2025">2025</a></th>(.*?)</tr>', page, re.DOTALL)[1]
    assert re.findall(r"<td class=\"number\">(\d+)", row) == ["12"] * 5
    assert 'href="/record/2026"' in page  # still insured
    assert 'href="/record/2022"' not in page  # before the first enrolment
    assert "p" in picture(page, "Pension insurance")[1]


def test_a_missing_month_is_named_and_can_be_questioned(owner, session, person, employer):
    factories.make_enrolment(session, person, PENSION, employer=employer, from_month="2025-01")
    paid(session, person, "2025-01", "2025-10", employer=employer)
    paid(session, person, "2026-01", add_months(month_of(ON), -1), employer=employer)
    session.commit()

    page = page_of(owner)

    assert "November 2025 to December 2025: Pension insurance" in page
    assert 'href="/reviews/question/2025-11"' in page
    assert '10 <small class="bad">2 missing</small>' in page
    assert picture(page, "Pension insurance")[0].count("!") == 2


def test_more_missing_months_than_are_shown_are_unfolded_by_their_count(
    owner, session, person, employer
):
    factories.make_enrolment(
        session, person, PENSION, employer=employer, from_month="2024-01", to_month="2025-04"
    )
    for month in ("01", "03", "05", "07", "09", "11"):
        paid(session, person, f"2024-{month}", f"2024-{month}", employer=employer)
    session.commit()

    page = page_of(owner)

    notice = page.split("<h2>Months are missing</h2>")[1].split("</div>")[0]
    shown, folded = notice.split("<details>")
    asked = r'href="/reviews/question/([\d-]+)"'
    assert re.findall(asked, shown) == ["2024-12", "2024-10", "2024-08", "2024-06", "2024-04"]
    assert folded.startswith("<summary>1 more</summary>")
    assert re.findall(asked, folded) == ["2024-02"]


def test_more_breaks_than_are_shown_are_unfolded_by_their_count(owner, session, person, employer):
    for month in ("01", "03", "05", "07", "09", "11"):
        for year in (2024, 2025):
            only = f"{year}-{month}"
            factories.make_enrolment(
                session, person, PENSION, employer=employer, from_month=only, to_month=only
            )
            paid(session, person, only, only, employer=employer)
    session.commit()

    page = page_of(owner)

    breaks = page.split("<h3>Not insured in between</h3>")[1].split("</section>")[0]
    shown, folded = breaks.split("<details>")
    assert (shown.count("<li>"), folded.count("<li>")) == (5, 6)
    assert "<summary>6 more</summary>" in folded
    assert "February 2024" in folded


def test_what_lacks_the_same_months_in_several_insurances_is_named_once(session, person, employer):
    first, last = add_months(month_of(ON), -4), add_months(month_of(ON), -2)
    for insurance in (PENSION, MEDICAL):
        factories.make_enrolment(session, person, insurance, employer=employer, from_month=first)
        paid(session, person, last, last, employer=employer, insurance=insurance)
    between = add_months(first, 1)

    years = load_years(session, person.id, on=ON)

    assert Gap(first, between, (PENSION, MEDICAL)) in years.missing
    assert years.breaks == ()


def test_what_was_paid_late_or_is_open_has_its_sign(owner, session, person, employer):
    paid(session, person, "2025-01", "2025-01", employer=employer, kind=RecordKind.BACK_PAYMENT)
    paid(session, person, "2025-02", "2025-02", employer=employer, paid_on=None)
    paid(session, person, "2025-03", "2025-12", employer=employer)
    session.commit()

    signs, grounds = picture(page_of(owner), "Pension insurance")

    assert (signs, grounds) == (["✓+", "…"], ["b", "u", "p"])


def test_months_paid_add_up_by_insurance_and_by_employer(session, person, employer):
    other = factories.make_employer(session, name="乙公司")
    paid(session, person, "2019-01", "2019-06", employer=employer)
    paid(session, person, "2020-03", "2021-02", employer=other)
    paid(session, person, "2021-03", "2021-04", employer_fen=0)
    paid(session, person, "2020-03", "2020-04", employer=other, insurance=MEDICAL)
    # Taken back altogether: it was no month there.
    paid(session, person, "2020-02", "2020-02", employer=employer)
    paid(
        session, person, "2020-02", "2020-02", employer=employer, kind=RecordKind.REVERSAL,
        base_fen=-1_000_000, employer_fen=-160_000, employee_fen=-80_000,
    )  # fmt: skip

    years = load_years(session, person.id, on=ON)

    assert (years.paid(PENSION), years.paid(MEDICAL)) == (20, 2)
    assert years.employments == (
        Employment("", "2021-03", "2021-04", 2),
        Employment("乙公司", "2020-03", "2021-02", 12),
        Employment("甲公司", "2019-01", "2019-06", 6),
    )
    assert years.span == ("2019-01", "2021-04")


def test_months_between_two_jobs_are_a_break_and_not_missing(session, person, employer):
    paid(session, person, "2019-01", "2019-06", employer=employer)
    paid(session, person, "2021-03", "2021-04", employer=employer)

    years = load_years(session, person.id, on=ON)

    assert years.breaks == (Gap("2019-07", "2021-02", (PENSION,)),)
    assert years.missing == ()
    assert [line.year for line in years.lines] == [2021, 2019]


def test_months_from_elsewhere_and_by_law_count_for_the_pension(owner, session, person, employer):
    paid(session, person, "2025-01", "2025-10", employer=employer)
    person.deemed_months = 24
    session.add(
        TransferSegment(
            person_id=person.id,
            direction=Direction.IN,
            other_region="无锡市",
            from_month="2024-01",
            through_month="2024-08",
            months=8,
            amount_fen=100,
            transferred_on=ON,
            recorded_at=NOW,
        )
    )
    session.commit()

    page = page_of(owner)

    for shown in ("Counting for the pension</dt><dd><strong>42 months", "8 months", "24 months",
                  "from 无锡市"):  # fmt: skip
        assert shown in page


@pytest.mark.parametrize(("is_levied", "state"), [(False, "not_due"), (True, "missing")])
def test_a_month_that_just_ended_is_missing_only_after_its_levy(
    session, person, employer, is_levied, state
):
    """On every page alike: of the year, of the month, of all years."""
    on = date(2026, 2, 3)
    factories.make_enrolment(session, person, PENSION, employer=employer, from_month="2026-01")
    if is_levied:
        factories.make_record(session, person, "2026-01", MEDICAL, employer=employer)
    key, packs = person.id, packs_in_force(session)

    states = [
        load_year(session, key, 2026, on=on).mark(PENSION, "2026-01").state,
        load_sheet(session.connection(), key, 2026, on=on).lines[0].states[0],
        load_month(session, key, "2026-01", packs, on=on).lines[0].mark.state,
        load_years(session, key, on=on).lines[0].marks[PENSION][0],
    ]

    assert states == [MarkState(state)] * 4


def test_thirty_years_are_one_light_page_of_few_statements(
    owner, session, person, employer, engine
):
    for insurance in Insurance:
        for first, last in (("1997-03", "2004-07"), ("2005-02", "2016-11"), ("2017-01", "2026-02")):
            factories.make_enrolment(
                session, person, insurance, employer=employer, from_month=first, to_month=last
            )
            paid(session, person, first, last, employer=employer, insurance=insurance)
    session.commit()
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page = page_of(owner)
    event.remove(engine, "before_cursor_execute", note)

    assert len([each for each in seen if "SAVEPOINT" not in each.upper()]) <= 8
    assert len(gzip.compress(page.encode())) <= 10 * 1024
    assert page.count('href="/record/19') + page.count('href="/record/20') == 30
    assert "Earlier years" in page
