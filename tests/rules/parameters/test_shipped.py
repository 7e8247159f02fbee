"""The demonstration packs hold the figures of the notices, and the schema that editors use."""

import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from siweb.rules.benefits.unemployment import benefit_months
from siweb.rules.calendar.months import add_months
from siweb.rules.parameters import load, tables
from siweb.rules.parameters.doubts import doubts_about
from siweb.rules.parameters.load import SHIPPED, load_packs
from siweb.rules.parameters.staleness import ended_rates, stale_limits

SCHEMA = json.loads((Path(load.__file__).parent / "pack.schema.json").read_text("utf-8"))
FILES = sorted(SHIPPED.glob("*.toml"))
files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@files
def test_a_shipped_pack_fits_the_schema(file):
    document = as_json(tomllib.loads(file.read_text("utf-8")))

    checker = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.FormatChecker(["date"])
    )
    assert [error.message for error in checker.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("base_floor", 1.5), ("base_floor", "1.234"), ("employer", "0.00001"), ("scheme", "all"),
     ("effective_from", "2025-13"), ("published_on", "2025-13-01"), ("notice", " "), ("x", 1)],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(key, value):
    beijing = as_json(tomllib.loads((SHIPPED / "beijing.toml").read_text("utf-8")))
    table = "rates" if key == "employer" else "limits"
    beijing[table][0][key] = value

    checker = jsonschema.Draft202012Validator(
        SCHEMA, format_checker=jsonschema.FormatChecker(["date"])
    )
    assert not checker.is_valid(beijing)


@files
def test_a_city_says_that_it_is_a_demonstration(file):
    first = file.read_text("utf-8").splitlines()[0]

    assert file.stem == "cn" or "DEMONSTRATION. Check your local notice" in first


BEIJING, SHANGHAI, SHENZHEN = "110000", "310000", "440300"
GUANGZHOU, HANGZHOU, CHENGDU = "440100", "330100", "510100"


# The figures of the notices: region, insurance, first month, floor and ceiling in yuan, average
# wage, day of publication, confidence.
@pytest.mark.parametrize(
    ("region", "insurance", "month", "limits", "wage", "published_on", "confidence"),
    [
        (BEIJING, "pension", "2022-07", (5869, 31884), 10628, None, "secondary"),
        (BEIJING, "maternity", "2023-07", (6326, 33891), 11297, "2023-07-25", "secondary"),
        (BEIJING, "pension", "2024-07", (6821, 35283), 11761, "2024-07-31", "secondary"),
        (BEIJING, "medical", "2025-07", (7162, 35811), 11937, "2025-09-18", "official"),
        (BEIJING, "pension", "2026-07", (7270, 36348), 12116, "2026-08-21", "secondary"),
        (SHANGHAI, "pension", "2022-07", (6520, 34188), 11396, None, "secondary"),
        (SHANGHAI, "pension", "2023-07", (7310, 36549), 12183, "2023-06-28", "secondary"),
        (SHANGHAI, "medical", "2024-07", (7384, 36921), 12307, "2024-07-31", "secondary"),
        (SHANGHAI, "pension", "2025-07", (7460, 37302), 12434, "2025-09-18", "secondary"),
        (SHANGHAI, "work_injury", "2026-07", (7546, 37731), 12577, "2026-08-18", "secondary"),
        (SHENZHEN, "pension", "2022-07", (2360, 24930), 8310, None, "secondary"),
        (SHENZHEN, "pension", "2023-07", (2360, 26421), 8807, "2023-06-29", "secondary"),
        (SHENZHEN, "pension", "2024-07", (3523, 27501), 9167, "2024-12-15", "uncertain"),
        (SHENZHEN, "pension", "2025-07", (4775, 27549), 9183, "2025-10-24", "secondary"),
        (SHENZHEN, "medical", "2023-01", (7778, 38892), 12964, None, "secondary"),
        (SHENZHEN, "medical", "2024-01", (6475, 32376), 10792, None, "secondary"),
        (SHENZHEN, "maternity", "2025-01", (6733, 33666), 11222, "2024-12-27", "secondary"),
        (SHENZHEN, "medical", "2026-01", (6727, 33633), 11211, "2025-12-29", "secondary"),
        (SHENZHEN, "unemployment", "2024-07", (2360, 43659), 14553, None, "secondary"),
        (SHENZHEN, "unemployment", "2025-07", (2520, 44934), 14978, None, "uncertain"),
        (GUANGZHOU, "pension", "2022-07", (4588, 24930), 8310, None, "secondary"),
        (GUANGZHOU, "pension", "2023-07", (5284, 26421), 8807, "2023-06-29", "secondary"),
        (GUANGZHOU, "pension", "2024-07", (5500, 27501), 9167, "2024-12-15", "secondary"),
        (GUANGZHOU, "pension", "2025-07", (5510, 27549), 9183, "2025-10-24", "secondary"),
        (GUANGZHOU, "medical", "2025-01", (6236, 31179), 10393, None, "secondary"),
        (GUANGZHOU, "maternity", "2026-01", (6234, 31170), 10390, None, "secondary"),
        (GUANGZHOU, "unemployment", "2025-03", (2500, 44265), 14755, None, "uncertain"),
        (GUANGZHOU, "unemployment", "2026-09", (2680, 44265), 14755, None, "uncertain"),
        (HANGZHOU, "pension", "2022-01", (3957, 22311), 7437, None, "secondary"),
        (HANGZHOU, "pension", "2023-01", (4462, 24060), 8020, "2023-12-13", "secondary"),
        (HANGZHOU, "pension", "2024-01", (4812, 24930), 8310, "2024-10-11", "secondary"),
        (HANGZHOU, "unemployment", "2025-01", (4986, 25299), 8433, "2025-09-17", "secondary"),
        (CHENGDU, "pension", "2023-01", (4246, 21228), 7076, None, "uncertain"),
        (CHENGDU, "pension", "2024-01", (4511, 22555), None, None, "secondary"),
        (CHENGDU, "work_injury", "2025-01", (4588, 22938), 7646, None, "secondary"),
        (CHENGDU, "unemployment", "2026-01", (4699, 23493), 7831, None, "secondary"),
        (CHENGDU, "medical", "2025-01", (4588, 22938), 7646, None, "uncertain"),
        (CHENGDU, "medical", "2026-01", (4699, 23493), 7831, None, "uncertain"),
    ],
)
def test_limits_hold_from_their_first_month_and_not_before(
    region, insurance, month, limits, wage, published_on, confidence
):
    found = load_packs().parameters(region, month).row("limits", "employee", insurance)

    assert (found.values["base_floor"], found.values["base_ceiling"]) == (
        limits[0] * 100, limits[1] * 100
    )  # fmt: skip
    assert found.values.get("average_wage") == (wage and wage * 100)
    assert (found.effective_from, found.source.confidence) == (month, confidence)
    assert published_on in {None, found.published_on.isoformat()}
    before = load_packs().parameters(region, add_months(month, -1))
    assert before.optional_row("limits", "employee", insurance) != found


@pytest.mark.parametrize(
    ("region", "series", "month", "rates"),
    [
        (BEIJING, "employee.medical", "2025-08", (98_000, 20_000)),
        (SHANGHAI, "employee.medical", "2025-08", (90_000, 20_000)),
        (SHENZHEN, "employee.medical", "2025-12", (50_000, 20_000)),
        (SHENZHEN, "employee.medical", "2026-01", (60_000, 20_000)),
        (SHENZHEN, "employee.maternity", "2026-01", (5_000, 0)),
        (SHENZHEN, "flexible.medical", "2025-12", (0, 70_000)),
        (SHENZHEN, "flexible.medical", "2026-01", (0, 80_000)),
        (GUANGZHOU, "employee.medical", "2025-12", (53_500, 20_000)),
        (GUANGZHOU, "employee.medical", "2026-01", (68_500, 20_000)),
        (GUANGZHOU, "flexible.medical", "2025-12", (0, 65_000)),
        (GUANGZHOU, "flexible.medical", "2026-12", (0, 80_000)),
        (GUANGZHOU, "employee.unemployment", "2025-12", (8_000, 2_000)),
        (HANGZHOU, "employee.medical", "2026-08", (95_000, 20_000)),
        (HANGZHOU, "flexible.medical", "2026-08", (0, 95_000)),
        (HANGZHOU, "employee.unemployment", "2026-08", (5_000, 5_000)),
        (CHENGDU, "employee.medical", "2026-08", (83_000, 20_000)),
        (CHENGDU, "flexible.medical", "2026-08", (0, 95_000)),
        (CHENGDU, "employee.unemployment", "2026-08", (6_000, 4_000)),
        (CHENGDU, "employee.pension", "2025-08", (160_000, 80_000)),
        (BEIJING, "flexible.unemployment", "2026-08", (0, 10_000)),
    ],
)
def test_rates_of_the_cities(region, series, month, rates):
    found = load_packs().parameters(region, month).row("rates", *series.split("."))

    assert (found.values["employer"], found.values["employee"]) == rates


@pytest.mark.parametrize(
    ("region", "month", "known"),
    [(BEIJING, "2026-01", True), (SHANGHAI, "2026-01", True), (HANGZHOU, "2026-01", True),
     (CHENGDU, "2026-01", True), (GUANGZHOU, "2025-12", True), (GUANGZHOU, "2026-01", False),
     (SHENZHEN, "2025-12", True), (SHENZHEN, "2026-01", False)],
)  # fmt: skip
def test_the_unemployment_notice_ended_and_only_some_regions_went_on(region, month, known):
    parameters = load_packs().parameters(region, month)

    assert ("unemployment" in parameters.insurances("employee")) is known
    assert [source.key for source in ended_rates(parameters, "employee")] == (
        [] if known else ["rates.employee.unemployment"]
    )


@pytest.mark.parametrize(
    ("region", "scheme", "month", "since"),
    [
        (BEIJING, "employee", "2026-11", {}),
        (BEIJING, "flexible", "2026-06", {}),
        (BEIJING, "flexible", "2026-07", {"additions.flexible.medical": "2026-07"}),
        (SHANGHAI, "employee", "2027-06", {}),
        (SHANGHAI, "flexible", "2027-07", dict.fromkeys(
            ("limits.flexible.pension", "limits.flexible.medical"), "2027-07")),
        (GUANGZHOU, "employee", "2026-06", {}),
        (GUANGZHOU, "employee", "2026-07", dict.fromkeys(
            ("limits.employee.pension", "limits.employee.work_injury"), "2026-07")),
        (HANGZHOU, "flexible", "2025-12", {}),
        (HANGZHOU, "flexible", "2026-01", dict.fromkeys(
            ("limits.flexible.pension", "limits.flexible.medical"), "2026-01")),
        (CHENGDU, "flexible", "2026-08", {"limits.flexible.medical": "2026-01"}),
    ],
)  # fmt: skip
def test_what_is_provisional_in_the_cities(region, scheme, month, since):
    parameters = load_packs().parameters(region, month)

    assert {each.source.key: each.since for each in stale_limits(parameters, scheme)} == since


@pytest.mark.parametrize(
    ("region", "month", "wage"),
    [(SHANGHAI, "2025-06", 2690), (SHANGHAI, "2025-07", 2740), (GUANGZHOU, "2026-08", 2500),
     (GUANGZHOU, "2026-09", 2680), (SHENZHEN, "2026-08", 2520), (SHENZHEN, "2026-09", 2700)],
)  # fmt: skip
def test_minimum_wages(region, month, wage):
    assert load_packs().parameters(region, month).minimum_wage().values["month"] == wage * 100


@pytest.mark.parametrize(
    ("region", "month", "rate"),
    [(SHANGHAI, "2023-04", 2_000), (SHANGHAI, "2023-05", 1_600), (SHANGHAI, "2024-12", 1_600),
     (SHANGHAI, "2025-01", 2_000), (BEIJING, "2024-12", 2_000)],
)  # fmt: skip
def test_shanghai_cut_its_injury_rates_for_a_time(region, month, rate):
    assert load_packs().parameters(region, month).injury_rate(1) == rate


@pytest.mark.parametrize(
    ("region", "paid", "months"),
    [("CN", 48, 12), (GUANGZHOU, 47, 3), (GUANGZHOU, 48, 4), (GUANGZHOU, 53, 4),
     (GUANGZHOU, 54, 5), (SHENZHEN, 167, 23), (SHENZHEN, 168, 24), (SHENZHEN, 400, 24),
     (SHANGHAI, 35, 4), (SHANGHAI, 36, 6), (SHANGHAI, 144, 24)],
)  # fmt: skip
def test_a_province_sets_the_benefit_months_within_the_laws_longest(region, paid, months):
    terms = load_packs().parameters(region, "2026-08").benefit_terms()

    assert benefit_months(paid, 0, terms) == months


# A rule holds from its own day, not for the years before it.
@pytest.mark.parametrize(
    ("name", "month", "holds"),
    [("pension_application", "2023-11", False), ("pension_application", "2023-12", True),
     ("registration_change", "2023-11", False), ("registration_change", "2023-12", True),
     ("individual_registration", "2023-12", True), ("arrears_notice", "2013-10", False),
     ("arrears_notice", "2013-11", True), ("employee_registration", "2011-06", False),
     ("employee_registration", "2011-07", True)],
)  # fmt: skip
def test_a_time_limit_holds_from_the_day_of_its_own_rule(name, month, holds):
    found = load_packs().parameters("CN", month).optional_row("deadlines", name)

    assert (found is not None) is holds


def test_nothing_about_the_shipped_packs_is_doubtful():
    doubts = [
        str(doubt)
        for pack in load_packs().packs.values()
        for doubt in doubts_about(pack.file, pack.rows, date(2026, 11, 28))
    ]

    assert doubts == []


@pytest.mark.parametrize(
    ("year", "rate"),
    [(2016, 83_100), (2017, 71_200), (2018, 82_900), (2019, 76_100), (2020, 60_400),
     (2021, 66_900), (2022, 61_200), (2023, 39_700), (2024, 26_200), (2025, 15_000)],
)  # fmt: skip
def test_rates_of_the_accounts(year, rate):
    terms = load_packs().parameters("CN", "2026-08").interest_terms(year)

    assert (terms.rate, terms.settled) == (rate, True)


def test_every_insurance_of_every_city_can_be_computed():
    packs = load_packs()
    asked = [
        (packs.parameters(region, month), scheme)
        for region in packs.regions
        for month in ("2025-08", "2026-11")
        for scheme in ("employee", "flexible")
    ]

    for parameters, scheme in asked:
        for insurance in parameters.insurances(scheme):
            assert parameters.premium_terms(insurance, scheme).base_ceiling > 0


def test_the_document_names_every_table_and_key():
    text = (Path(__file__).parents[3] / "docs" / "parameters.md").read_text("utf-8")
    keys = {
        name
        for table in tables.TABLES.values()
        for name in (table.name, *table.series, *table.values, *table.optional)
    }

    assert {
        key for key in keys | {*tables.DATING, *tables.DATING_OPTIONAL} if f"`{key}`" not in text
    } == set()
