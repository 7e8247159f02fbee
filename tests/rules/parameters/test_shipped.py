"""The demonstration packs hold the figures of the notices, and the schema that editors use."""

import json
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from siweb.rules.parameters import load, tables
from siweb.rules.parameters.load import SHIPPED, load_packs
from siweb.rules.parameters.parameter_set import weakest

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


# domain.md B3.
@pytest.mark.parametrize(
    ("region", "month", "floor", "ceiling", "confidence"),
    [
        ("110000", "2025-06", 682100, 3528300, "official"),
        ("110000", "2025-07", 716200, 3581100, "official"),
        ("310000", "2023-07", 731000, 3654900, "official"),
        ("310000", "2025-06", 738400, 3692100, "official"),
        ("310000", "2025-07", 746000, 3730200, "practice"),
        ("310000", "2026-07", 754600, 3773100, "demonstration"),
        ("440300", "2024-07", 449200, 2750100, "practice"),
        ("440300", "2025-07", 477500, 2754900, "demonstration"),
        ("440100", "2024-07", 550000, 2750100, "practice"),
        ("440100", "2025-07", 551000, 2754900, "demonstration"),
        ("330100", "2024-07", 481200, 2406000, "practice"),
        ("330100", "2025-07", 498600, 2493000, "practice"),
        ("510100", "2024-07", 451100, 2255500, "practice"),
    ],
)
def test_limits_of_the_pension(region, month, floor, ceiling, confidence):
    terms = load_packs().parameters(region, month).premium_terms("pension")

    assert (terms.base_floor, terms.base_ceiling) == (floor, ceiling)
    assert terms.sources["base_floor"].confidence == confidence


@pytest.mark.parametrize(
    ("region", "insurance", "rates"),
    [
        ("110000", "medical", (98_000, 20_000)),
        ("310000", "medical", (90_000, 20_000)),
        ("440300", "medical", (50_000, 20_000)),
        ("440100", "unemployment", (8_000, 2_000)),
        ("330100", "unemployment", (5_000, 5_000)),
        ("510100", "unemployment", (6_000, 4_000)),
        ("510100", "pension", (160_000, 80_000)),
    ],
)
def test_rates_of_the_cities(region, insurance, rates):
    terms = load_packs().parameters(region, "2025-08").premium_terms(insurance)

    assert (terms.employer_rate, terms.employee_rate) == rates


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
        for month in ("2024-08", "2025-08", "2026-11")
        for scheme in ("employee", "flexible")
    ]

    for parameters, scheme in asked:
        for insurance in parameters.insurances(scheme):
            assert parameters.premium_terms(insurance, scheme).base_ceiling > 0


def test_a_calculation_is_as_sure_as_its_weakest_source():
    def of(month):
        return load_packs().parameters("310000", month).premium_terms("pension").sources

    shanghai = {month: set(of(month).values()) for month in ("2025-08", "2026-08")}

    assert weakest(shanghai["2025-08"]) == "practice"
    assert weakest(shanghai["2026-08"]) == "demonstration"
    assert weakest([]) == "official"


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
