"""What looks wrong in a pack: both sides of each bound, and what a note answers."""

import re
from datetime import date

import pytest

from siweb.rules.parameters.doubts import doubts_about
from siweb.rules.parameters.load import SHIPPED
from siweb.rules.parameters.read import read_pack
from tests.rules.packs import limits, packs_of, rates, row

TODAY = date(2026, 11, 28)


def doubts(*rows, today=TODAY):
    found = packs_of(city=rows).rows("320100")
    return [doubt.what for doubt in doubts_about("city.toml", found, today)]


@pytest.mark.parametrize(
    ("ceiling", "doubt"),
    [("24000.00", None), ("24000.99", None), ("23999.01", None),
     ("24001.00", "base_ceiling 24001.00 is not 3 x average_wage (24000.00)"),
     ("23999.00", "base_ceiling 23999.00 is not 3 x average_wage (24000.00)"),
     ("22311.00", "base_ceiling 22311.00 is not 3 x average_wage (24000.00)")],
)  # fmt: skip
def test_a_ceiling_is_three_times_the_average(ceiling, doubt):
    found = doubts(limits(base_floor='"4800"', base_ceiling=f'"{ceiling}"', average_wage='"8000"',
                          note='"as the notice says"'))  # fmt: skip

    assert found == ([doubt] if doubt else [])


@pytest.mark.parametrize(
    ("floor", "is_doubtful"),
    [("3200", False), ("3199.01", False), ("3199", True), ("4800", False), ("4800.99", False),
     ("4801", True)],
)  # fmt: skip
def test_a_floor_is_40_to_60_percent_of_the_average(floor, is_doubtful):
    changes = {"base_floor": f'"{floor}"', "base_ceiling": '"24000"', "average_wage": '"8000"'}

    found = doubts(limits(**changes))

    assert [doubt.endswith("is not 40 to 60 % of average_wage") for doubt in found] == (
        [True] if is_doubtful else []
    )
    assert doubts(limits(**changes, note='"raised in steps"')) == []


def test_limits_without_an_average_or_with_one_base_for_all_raise_no_doubt():
    assert doubts(limits()) == []
    fixed = {"base_floor": '"8000"', "base_ceiling": '"8000"', "average_wage": '"8000"'}
    assert doubts(limits(**fixed, note='"everybody pays on the average"')) == []


LATER = {"effective_from": '"2026-07"', "published_on": "2026-08-01"}


@pytest.mark.parametrize(
    ("floor", "is_doubtful"),
    [("6000", False), ("6000.01", True), ("4000", False), ("3999.99", True)],
)
def test_a_figure_jumps_by_more_than_a_fifth(floor, is_doubtful):
    later = {**LATER, "base_floor": f'"{floor}"'}

    found = doubts(limits(), limits(**later))

    expected = f"base_floor jumps from 5000.00 to {float(floor):.2f}, more than 20 %"
    assert found == ([expected] if is_doubtful else [])
    assert doubts(limits(), limits(**later, note='"the notice says so"')) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [("minimum_wage", {"month": '"3000"'}), ("pension_wage", {"average_wage": '"3000"'})],
)
def test_other_wages_jump_too(table, values):
    key = next(iter(values))
    before = row(table, {key: '"2000"'})

    assert doubts(before, row(table, values, **LATER)) == [
        f"{key} jumps from 2000.00 to 3000.00, more than 20 %"
    ]


@pytest.mark.parametrize(
    ("month", "doubt"),
    [("2026-07", None), ("2026-06", None),
     ("2026-08", "no row for the 13 months since 2025-07")],
)  # fmt: skip
def test_a_payment_year_without_a_row_is_a_gap(month, doubt):
    found = doubts(limits(), limits(effective_from=f'"{month}"', published_on="2026-08-01"))

    assert found == ([doubt] if doubt else [])


def test_only_yearly_figures_have_gaps():
    later = rates(effective_from='"2026-10"', published_on="2026-09-01")

    assert doubts(limits(), rates(), later) == []


@pytest.mark.parametrize(
    ("notice", "published_on", "doubt"),
    [("京人社发〔2025〕11号", "2025-06-30", None),
     ("京人社发〔2025〕11号", "2024-12-31",
      "published on 2024-12-31, before the year of its number (2025)"),
     ("京人社发[2025]11号", "2024-12-31",
      "published on 2024-12-31, before the year of its number (2025)"),
     ("京人社发（2024）11号", "2025-06-30", None),
     ("2026年通知", "2025-06-30", None)],
)  # fmt: skip
def test_no_notice_is_older_than_its_number(notice, published_on, doubt):
    found = doubts(limits(notice=f'"{notice}"', published_on=published_on))

    assert found == ([doubt] if doubt else [])


@pytest.mark.parametrize(
    "notice",
    ["PLACEHOLDER: fill in", "示范数据（浙江2024）", "待填", "TODO", "to do", "tbd", "XXX号"],
)
def test_a_placeholder_is_no_notice(notice):
    assert doubts(limits(notice=f'"{notice}"')) == [f"the notice {notice!r} is a placeholder"]


@pytest.mark.parametrize(
    ("published_on", "days"),
    [("2026-08-05", 400), ("2026-08-06", 401), ("2024-05-27", 400), ("2024-05-26", 401)],
)
def test_a_notice_is_published_within_400_days_of_its_first_month(published_on, days):
    expected = [f"published on {published_on}, {days} days from 2025-07"] if days > 400 else []

    assert doubts(limits(published_on=published_on)) == expected


def test_a_notice_is_not_published_tomorrow():
    assert doubts(limits(published_on="2025-08-01"), today=date(2025, 8, 1)) == []
    assert doubts(limits(published_on="2025-08-01"), today=date(2025, 7, 31)) == [
        "published on 2025-08-01, a day that has not come"
    ]


def test_laws_are_known_long_before():
    values = {"name": '"art84"', "least": "1", "most": "3", "unit": '"times"', "rule": '"SIL 84"'}

    assert doubts(row("fines", values, published_on="2015-01-01")) == []


@pytest.mark.parametrize(
    ("insurance", "employer", "employee", "doubt"),
    [("medical", "4", "2", None), ("medical", "12", "2", None),
     ("medical", "3.9999", "2", "employer 3.9999 % is not 4 to 12 %"),
     ("medical", "12.0001", "2", "employer 12.0001 % is not 4 to 12 %"),
     ("unemployment", "2", "1", None),
     ("unemployment", "2", "1.0001", "both sides pay 3.0001 %, more than 3 %"),
     ("pension", "20", "11", None)],
)  # fmt: skip
def test_rates_are_in_their_usual_bounds(insurance, employer, employee, doubt):
    of = {"insurance": f'"{insurance}"'}

    found = doubts(limits(**of), rates(**of, employer=f'"{employer}"', employee=f'"{employee}"'))

    assert found == ([doubt] if doubt else [])


def test_who_pays_alone_pays_both_sides():
    of = {"insurance": '"medical"', "scheme": '"flexible"'}

    assert doubts(limits(**of), rates(**of, employer='"0"', employee='"9.5"')) == []


def test_a_doubt_names_file_table_and_row():
    slips = limits(insurance='"medical"', notice='"TODO"'), limits(insurance='"maternity"',
                   notice='"TODO"')  # fmt: skip
    jump = limits(), limits(**LATER, base_floor='"9000"')
    rows = packs_of(city=(*slips, *jump)).rows("320100")

    assert [str(doubt) for doubt in doubts_about("city.toml", rows, TODAY)] == [
        "city.toml, limits, employee medical 2025-07: the notice 'TODO' is a placeholder",
        "city.toml, limits, employee maternity 2025-07: the notice 'TODO' is a placeholder",
        (
            "city.toml, limits, employee pension 2026-07: "
            "base_floor jumps from 5000.00 to 9000.00, more than 20 %"
        ),
    ]


SLIPS = {
    "a ceiling that is not three times the average": (
        r'(base_ceiling = ")(\d+)', lambda m: f"{m[1]}{int(m[2]) + 90}", "is not 3 x average_wage"
    ),
    "one digit too many": (
        r'(average_wage = ")(\d+)', lambda m: f"{m[1]}{m[2]}0", "is not 3 x average_wage"
    ),
    "a floor that jumps": (
        r'(base_floor = ")(\d+)', lambda m: f"{m[1]}{int(m[2]) * 2}", "more than 20 %"
    ),
    "a placeholder": (r'notice = "', lambda _m: 'notice = "待填', "is a placeholder"),
    "a notice of a later year": (
        r'notice = "', lambda _m: 'notice = "某人社发〔2027〕1号', "before the year of its number"
    ),
    "published tomorrow": (
        r"published_on = [-0-9]+", lambda _m: "published_on = 2026-11-29", "has not come"
    ),
    "published years away": (
        r"published_on = [-0-9]+", lambda _m: "published_on = 2019-01-01", "days from"
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize(
    "city", [file.stem for file in sorted(SHIPPED.glob("*.toml")) if file.stem != "cn"]
)
def test_a_slip_in_the_newest_limits_of_a_shipped_pack_is_found(city, slip):
    text = (SHIPPED / f"{city}.toml").read_text("utf-8")
    rows = text.split("[[limits]]")
    pattern, change, doubt = SLIPS[slip]
    # Limits of everybody's own kind: a row with an average, which no later row corrects.
    place = max(at for at, row in enumerate(rows) if "average_wage" in row.split("[[")[0])
    own, bracket, rest = rows[place].partition("[[")
    changed = re.sub(r"^note = .*\n", "", re.sub(pattern, change, own, count=1), flags=re.MULTILINE)
    pack, problems = read_pack("[[limits]]".join((*rows[:place], changed + bracket + rest,
                                                  *rows[place + 1 :])), "city.toml")  # fmt: skip

    assert problems == []
    assert doubt in " ".join(map(str, doubts_about("city.toml", pack.rows, TODAY)))
