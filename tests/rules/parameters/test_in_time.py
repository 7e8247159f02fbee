"""What a region inherits, and the two time axes: for which month, and known on which day."""

from datetime import date

import pytest

from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.pack_set import RegionUnknown
from siweb.rules.parameters.parameter_set import ParameterMissing
from tests.rules.packs import limits, packs_of, row

CAPPED = {"daily_rate": '"0.05"', "capped": "true", "day_count": '"through_payment"',
          "rounding": '"half_up_fen"'}  # fmt: skip
UNCAPPED = CAPPED | {"capped": "false"}
NATION = (
    row("late_fee", UNCAPPED, effective_from='"2011-07"', published_on="2010-10-28"),
    row("late_fee", CAPPED, effective_from='"2026-01"', published_on="2025-12-01"),
)


def floor_of(packs, month, as_of=None):
    found = packs.parameters("320100", month, as_of=as_of).row("limits", "employee", "pension")
    return found.values["base_floor"]


def test_a_region_inherits_the_nations_series_month_by_month():
    packs = packs_of(CN=NATION, city=[limits()])

    assert packs.parameters("320100", "2025-12").late_fee_terms().capped is False
    assert packs.parameters("320100", "2026-01").late_fee_terms().capped is True


def test_a_regions_own_series_replaces_the_nations():
    own = row("late_fee", CAPPED, effective_from='"2025-01"', published_on="2024-12-01")
    packs = packs_of(CN=NATION, city=[own])

    parameters = packs.parameters("320100", "2025-06")

    assert parameters.late_fee_terms().capped is True
    assert parameters.row("late_fee").source.region == "320100"
    assert packs.parameters("CN", "2025-06").late_fee_terms().capped is False


def test_before_its_own_first_month_a_region_has_the_nations():
    own = row("late_fee", CAPPED, effective_from='"2025-01"', published_on="2024-12-01")
    packs = packs_of(CN=NATION, city=[own])

    assert packs.parameters("320100", "2024-12").row("late_fee").source.region == "CN"


def test_a_series_that_ended_is_missing_and_not_inherited():
    own = row("late_fee", CAPPED, effective_to='"2025-09"')
    packs = packs_of(CN=NATION, city=[own])

    assert packs.parameters("320100", "2025-09").late_fee_terms().capped is True
    with pytest.raises(ParameterMissing, match="region 320100 has no late_fee for 2025-10"):
        packs.parameters("320100", "2025-10").late_fee_terms()


def test_nothing_holds_before_the_first_month():
    packs = packs_of(city=[limits()])

    with pytest.raises(ParameterMissing) as caught:
        floor_of(packs, "2025-06")

    assert caught.value.code == "parameter_missing"
    assert caught.value.facts == {
        "region": "320100", "key": "limits.employee.pension", "month": "2025-06"
    }  # fmt: skip
    assert (caught.value.region, caught.value.key, caught.value.month) == (
        "320100", "limits.employee.pension", "2025-06"
    )  # fmt: skip
    assert (
        packs.parameters("320100", "2025-06").optional_row("limits", "employee", "pension") is None
    )


def test_a_row_may_start_by_the_first_day_of_its_month():
    packs = packs_of(city=[limits(effective_from="2025-07-01")])

    assert floor_of(packs, "2025-07") == 500000


def test_a_region_without_a_pack_is_unknown():
    with pytest.raises(RegionUnknown) as caught:
        packs_of(city=[limits()]).parameters("999999", "2025-07")

    assert (caught.value.code, caught.value.facts) == ("region_unknown", {"region": "999999"})


# The notice of September sets the floor from July; the office knew only the old one until then.
LATE = packs_of(
    city=[
        limits(effective_from='"2024-07"', published_on="2024-06-28", base_floor='"6821.00"'),
        limits(effective_from='"2025-07"', published_on="2025-09-18", base_floor='"7162.00"'),
    ]
)


@pytest.mark.parametrize(
    ("month", "as_of", "floor"),
    [
        ("2025-06", None, 682100),
        ("2025-07", None, 716200),
        ("2025-08", date(2025, 9, 17), 682100),
        ("2025-08", date(2025, 9, 18), 716200),
        ("2025-06", date(2025, 9, 18), 682100),
        ("2025-06", date(2024, 6, 28), 682100),
    ],
)
def test_a_late_notice_holds_backwards_but_only_once_it_is_known(month, as_of, floor):
    assert floor_of(LATE, month, as_of) == floor


def test_what_may_be_missing_is_asked_for_by_the_same_day():
    before = LATE.parameters("320100", "2025-08", as_of=date(2025, 9, 17))

    found = before.optional_row("limits", "employee", "pension")

    assert found.values["base_floor"] == 682100


def test_before_publication_there_is_nothing_to_know():
    with pytest.raises(ParameterMissing):
        floor_of(LATE, "2025-06", date(2024, 6, 27))


def test_a_correction_of_the_same_month_counts_from_its_publication():
    packs = packs_of(city=[
        limits(published_on="2025-08-01", base_floor='"5100.00"'),
        limits(published_on="2025-06-30", base_floor='"5000.00"'),
    ])  # fmt: skip

    assert floor_of(packs, "2025-07") == 510000
    assert floor_of(packs, "2025-07", date(2025, 7, 31)) == 500000
    assert floor_of(packs, "2025-07", date(2025, 8, 1)) == 510000


def test_a_correction_of_an_end_counts_from_its_publication():
    packs = packs_of(city=[
        limits(effective_to='"2026-06"', base_floor='"5000.00"'),
        limits(effective_from='"2026-01"', published_on="2025-12-20", base_floor='"5500.00"'),
    ])  # fmt: skip

    assert floor_of(packs, "2026-02", date(2025, 12, 19)) == 500000
    assert floor_of(packs, "2026-02") == 550000


def test_a_region_that_publishes_later_had_the_nations_until_then():
    own = row("late_fee", CAPPED, effective_from='"2025-01"', published_on="2025-06-01")
    packs = packs_of(CN=NATION, city=[own])

    before = packs.parameters("320100", "2025-03", as_of=date(2025, 5, 31))

    assert before.row("late_fee").source.region == "CN"
    assert packs.parameters("320100", "2025-03").row("late_fee").source.region == "320100"


YEAR = {"year": "2026", "holidays": "[2026-01-01]", "working_weekends": "[2026-01-04]"}


def test_the_calendar_grows_with_each_years_arrangement():
    arrangement = row("calendar", YEAR, effective_from='"2026-01"', published_on="2025-11-04")
    packs = packs_of(CN=[arrangement])

    known, unknown = packs.calendar(), packs.calendar(as_of=date(2025, 11, 3))

    assert known.years == {2026}
    assert not known.is_working_day(date(2026, 1, 1))
    assert known.is_working_day(date(2026, 1, 4))
    assert packs.calendar(as_of=date(2025, 11, 4)) == known
    assert unknown.years == frozenset()
    assert unknown.is_working_day(date(2026, 1, 1))


def test_the_calendar_holds_all_years_together():
    calendar = load_packs().calendar()

    assert calendar.years == {2022, 2023, 2024, 2025, 2026}
    assert {day.year for day in calendar.holidays} == calendar.years
    assert {day.year for day in calendar.working_weekends} == calendar.years


def test_a_corrected_arrangement_replaces_the_first_one():
    first = row("calendar", YEAR, effective_from='"2026-01"', published_on="2025-11-04")
    changed = YEAR | {"holidays": "[2026-01-02]"}
    second = row("calendar", changed, effective_from='"2026-01"', published_on="2025-12-04")

    calendar = packs_of(CN=[first, second]).calendar()

    assert calendar.holidays == {date(2026, 1, 2)}


def test_a_calendar_of_a_region_is_not_the_nations():
    arrangement = row("calendar", YEAR, effective_from='"2026-01"')

    assert packs_of(CN=[limits()], city=[arrangement]).calendar().years == frozenset()


def test_regions_series_and_rows_can_be_listed():
    packs = packs_of(CN=NATION, city=[limits(insurance='["pension", "medical"]')])

    assert packs.regions == ("320100",)
    assert packs.series_of("320100", "limits") == (("employee", "medical"), ("employee", "pension"))
    assert packs.series_of("320100", "late_fee") == ((),)
    assert packs.series_of("CN", "limits") == ()
    assert [each.table for each in packs.rows("CN")] == ["late_fee", "late_fee"]


def test_the_same_question_is_answered_once():
    packs = packs_of(city=[limits()])

    assert packs.parameters("320100", "2025-07") is packs.parameters("320100", "2025-07")
    assert packs.parameters("320100", "2025-07") != packs.parameters("320100", "2025-08")


def test_a_source_says_where_a_figure_comes_from():
    packs = packs_of(city=[limits(effective_to='"2026-06"')])

    source = packs.parameters("320100", "2025-07").row("limits", "employee", "pension").source

    assert (source.region, source.key) == ("320100", "limits.employee.pension")
    assert (source.effective_from, source.effective_to) == ("2025-07", "2026-06")
    assert (source.published_on, source.notice, source.confidence) == (
        date(2025, 6, 30), "notice", "official"
    )  # fmt: skip
