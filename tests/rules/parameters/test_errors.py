"""Everything that can be wrong in a pack, said by file, table, key and what it is."""

from pathlib import Path

import pytest

from siweb.rules.parameters import values
from siweb.rules.parameters.load import load_packs, read_folder, with_national
from siweb.rules.parameters.read import read_pack
from siweb.rules.parameters.row import PackError, Problem
from tests.rules.packs import LIMITS, limits, pack_text, problems_of, rates, row

JULY = "nanjing.toml, limits, employee pension 2025-07: "


def test_a_sound_pack_has_no_problem():
    assert problems_of(limits(), rates()) == []


def test_an_insurance_that_nobody_pays_for_needs_no_account():
    free = {"insurance": '"maternity"', "employer": '"0"', "employee": '"0"'}

    assert problems_of(limits(insurance='"maternity"'), rates(**free)) == []


def test_all_problems_are_named_at_once():
    assert problems_of(
        limits(base_floor='"1.234"', base_ceiling=None), rates(employer='"0.00001"')
    ) == [
        (
            "nanjing.toml, limits row 1, base_floor: '1.234' is not an amount in yuan as a string, "
            'such as "7162.00"'
        ),
        "nanjing.toml, limits row 1, base_ceiling: is missing",
        (
            "nanjing.toml, rates row 1, employer: '0.00001' is not a percentage as a string in whole "
            'parts per million, such as "9.8"'
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"base_flor": "1"}, "base_flor: is not known; did you mean base_floor?"),
        ({"xyz": "1"}, ("xyz: is not known; use one of scheme, insurance, base_floor, base_ceiling, "
                       "effective_from, published_on, notice, confidence, average_wage, "
                       "first_month, effective_to, note")),
        ({"scheme": '"employees"'}, "scheme: 'employees' is not one of employee, flexible, resident"),
        ({"scheme": '["employee", "all"]'}, "scheme: 'all' is not one of employee, flexible, resident"),
        ({"scheme": None}, "scheme: is missing"),
        ({"scheme": "[]"}, "scheme: names nothing"),
        ({"base_floor": "50.5"}, ("base_floor: 50.5 is a binary fraction, which is not exact: write "
                                 'an amount in yuan as a string, such as "7162.00"')),
        ({"base_floor": "true"}, ("base_floor: True is not an amount in yuan as a string, such as "
                                 '"7162.00"')),
        ({"base_floor": "[1]"}, ("base_floor: [1] is not an amount in yuan as a string, such as "
                                '"7162.00"')),
        ({"effective_from": '"2025-7"'}, "effective_from: '2025-7' is not a month such as \"2025-07\""),
        ({"effective_from": "202507"}, 'effective_from: 202507 is not a month such as "2025-07"'),
        ({"published_on": '"2025-06-30"'}, ("published_on: '2025-06-30' is not a day such as "
                                           "2025-09-18 (without quotes)")),
        ({"published_on": "2025-06-30T00:00:00"},
         ("published_on: datetime.datetime(2025, 6, 30, 0, 0) is not a day such as 2025-09-18 "
         "(without quotes)")),
        ({"effective_from": "2025-07-02"}, "effective_from: 2025-07-02 is not the first day of a month"),
        ({"effective_from": "2025-07-01T00:00:00"},
         'effective_from: datetime.datetime(2025, 7, 1, 0, 0) is not a month such as "2025-07"'),
        ({"notice": '" "'}, "notice: ' ' is not a text"),
        ({"notice": "1"}, "notice: 1 is not a text"),
        ({"confidence": '"sure"'},
         "confidence: 'sure' is not one of official, secondary, practice, uncertain, demonstration"),
        ({"effective_to": "2025"}, 'effective_to: 2025 is not a month such as "2025-07"'),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read(changes, problem):
    assert problems_of(limits(**changes)) == [f"nanjing.toml, limits row 1, {problem}"]


@pytest.mark.parametrize(
    ("table", "values", "problem"),
    [
        ("injury_rates", {"rates": '"0.2"'}, "rates: '0.2' is not a list of at least one"),
        ("injury_rates", {"rates": "[]"}, "rates: [] is not a list of at least one"),
        ("injury_tiers", {"injury_class": "-1", "tiers": "[100]"},
         "injury_class: -1 is not a whole number from zero up"),
        ("injury_tiers", {"injury_class": "true", "tiers": "[100]"},
         "injury_class: True is not a whole number from zero up"),
        ("undeclared_base", {"applies": "1", "rate": '"110"'}, "applies: 1 is not true or false"),
        ("minimum_months", {"months": "[[2030, 186], [2029, 180]]"},
         "months: the pairs are not in rising order"),
        ("minimum_months", {"months": "[[2030, 186], [2030, 187]]"},
         "months: the pairs are not in rising order"),
        ("minimum_months", {"months": "[[2030, 186, 1]]"},
         "months: [2030, 186, 1] is not a pair such as [60, 12]"),
        ("minimum_months", {"months": "[2030]"}, "months: 2030 is not a pair such as [60, 12]"),
        ("calendar", {"year": "2025", "holidays": "[2025-01-01, 2025-01-01]", "working_weekends": "[]"},
         "holidays: 2025-01-01 appears twice"),
        ("calendar", {"year": "2025", "holidays": "3", "working_weekends": "[]"},
         "holidays: 3 is not a list"),
        ("injury_tiers", {"injury_class": "1", "tiers": "[1.5]"},
         ("tiers: 1.5 is a binary fraction, which is not exact: write a percentage as a string in "
         'whole parts per million, such as "9.8"')),
    ],
)  # fmt: skip
def test_a_list_or_a_switch_that_cannot_be_read(table, values, problem):
    assert problems_of(row(table, values)) == [f"nanjing.toml, {table} row 1, {problem}"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"base_floor": '"25000.01"'}, "base_floor 25000.01 is above base_ceiling 25000.00"),
        ({"effective_to": '"2025-06"'}, "effective_to 2025-06 lies before effective_from 2025-07"),
    ],
)
def test_limits_that_contradict_themselves(changes, problem):
    assert problems_of(limits(**changes)) == [JULY + problem]


def test_limits_may_be_one_figure_and_last_one_month():
    assert problems_of(limits(base_floor='"25000.00"', effective_to='"2025-07"')) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"insurance": '"work_injury"', "employee": '"0.0001"'},
         "work_injury 2025-07: an employee never pays for work injury (SIL 33)"),
        ({"account": '"24.0001"'}, "pension 2025-07: account is more than both sides pay"),
        ({"employer": '"92.0001"'}, "pension 2025-07: employer and employee together pay more than 100 %"),
    ],
)  # fmt: skip
def test_rates_that_cannot_be(changes, problem):
    assert problems_of(rates(**changes)) == [f"nanjing.toml, rates, employee {problem}"]


def test_rates_at_their_very_limits():
    all_of_it = rates(employer='"92"', account='"100"')
    injury = rates(insurance='"work_injury"', employee='"0"')
    self_paid = rates(scheme='"flexible"', insurance='"work_injury"')
    everything = limits(scheme='["employee", "flexible"]', insurance='["pension", "work_injury"]')

    assert problems_of(everything, all_of_it, injury, self_paid) == []


def test_an_employee_pays_no_fixed_amount_for_work_injury():
    added = {"scheme": '"employee"', "insurance": '"work_injury"', "employer": '"1"'}

    assert problems_of(row("additions", added, employee='"0.01"')) == [
        (
            "nanjing.toml, additions, employee work_injury 2025-07: "
            "an employee never pays for work injury (SIL 33)"
        )
    ]
    assert problems_of(row("additions", added, employee='"0"')) == []


def test_rates_without_limits_cannot_be_used():
    assert problems_of(rates(scheme='["employee", "flexible"]'), limits()) == [
        "nanjing.toml, rates, flexible pension: has rates but no limits"
    ]


YEAR = {"first_month": "7", "declare_from_month": "4", "declare_to_month": "6",
        "due_day": "15", "due_months_after": "1"}  # fmt: skip
RETIREMENT = {"category": '"male"', "base_age": "60", "first_birth_month": '"1965-01"',
              "birth_months_per_step": "4", "most_delay": "36", "elastic_from": '"2025-01"',
              "elastic_earlier": "36", "elastic_later": "36"}  # fmt: skip
FINE = {"name": '"art84"', "least": "1", "most": "3", "unit": '"times"', "rule": '"SIL 84"'}
CALENDAR = {"year": "2025", "holidays": "[2025-01-01]", "working_weekends": "[2025-01-26]"}


@pytest.mark.parametrize(
    ("table", "values", "key", "problem"),
    [
        ("payment_year", YEAR | {"first_month": "0"}, "", "first_month must be a month from 1 to 12"),
        ("payment_year", YEAR | {"declare_from_month": "13"}, "", "declare_from_month must be a month from 1 to 12"),
        ("payment_year", YEAR | {"declare_to_month": "13"}, "", "declare_to_month must be a month from 1 to 12"),
        ("payment_year", YEAR | {"due_day": "0"}, "", "due_day must be from 1 to 28, so that every month has it"),
        ("payment_year", YEAR | {"due_day": "29"}, "", "due_day must be from 1 to 28, so that every month has it"),
        ("injury_rates", {"rates": "[1, 2, 3, 4, 5, 6, 7]"}, "", "rates must name 8 classes, not 7"),
        ("injury_tiers", {"injury_class": "9", "tiers": "[100]"}, "9 ", "injury_class must be from 1 to 8"),
        ("injury_tiers", {"injury_class": "0", "tiers": "[100]"}, "0 ", "injury_class must be from 1 to 8"),
        ("certification", {"period_months": "0", "grace_months": "0"}, "", "period_months must be at least 1"),
        ("retirement", RETIREMENT | {"birth_months_per_step": "0"}, "male ", "birth_months_per_step must be at least 1"),
        ("pension_months", {"months": "[[60, 139], [61, 0]]"}, "", "the months at age 61 must be at least 1"),
        ("fines", FINE | {"least": "4"}, "art84 ", "least 4 is above most 3"),
        ("limits", LIMITS | {"first_month": "0"}, "employee pension ", "first_month must be a month from 1 to 12"),
        ("limits", LIMITS | {"first_month": "13"}, "employee pension ", "first_month must be a month from 1 to 12"),
        ("calendar", CALENDAR | {"holidays": "[2024-12-31]"}, "2025 ", "2024-12-31 is not in 2025"),
        ("calendar", CALENDAR | {"holidays": "[2025-01-26]"}, "2025 ", "2025-01-26 is a holiday and a working weekend at once"),
        ("calendar", CALENDAR | {"working_weekends": "[2025-01-24]"}, "2025 ", "2025-01-24 is a working weekend but no Saturday or Sunday"),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense(table, values, key, problem):
    assert problems_of(row(table, values)) == [f"nanjing.toml, {table}, {key}2025-07: {problem}"]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("payment_year", YEAR | {"first_month": "1", "declare_from_month": "12", "due_day": "28"}),
        ("payment_year", YEAR | {"first_month": "12", "declare_to_month": "1", "due_day": "1"}),
        ("injury_tiers", {"injury_class": "[1, 8]", "tiers": "[100]"}),
        ("certification", {"period_months": "1", "grace_months": "0"}),
        ("retirement", RETIREMENT | {"birth_months_per_step": "1"}),
        ("pension_months", {"months": "[[70, 1]]"}),
        ("fines", FINE | {"least": "3"}),
        ("calendar", CALENDAR),
        ("calendar", CALENDAR | {"working_weekends": "[]"}),
        ("calendar", CALENDAR | {"working_weekends": "[2025-01-25]"}),
    ],
)
def test_a_row_at_the_very_limit(table, values):
    assert problems_of(row(table, values)) == []


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ({"effective_to": '"2025-09"'}, {"effective_from": '"2025-12"'},
         "2025-12: a gap from 2025-10 to 2025-11"),
        ({"effective_to": '"2025-12"'}, {"effective_from": '"2025-12"'},
         "2025-12: overlaps the row from 2025-07 to 2025-12"),
        ({}, {}, "2025-07: two rows from 2025-07, published on the same day, overlap"),
    ],
)  # fmt: skip
def test_periods_of_a_series_that_do_not_meet(first, second, problem):
    assert problems_of(limits(**first), limits(**second)) == [
        f"nanjing.toml, limits, employee pension {problem}"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"effective_to": '"2025-11"'}, {"effective_from": '"2025-12"'}),
        ({}, {"effective_from": '"2025-12"'}),
        ({"effective_to": '"2025-12"'}, {"effective_from": '"2025-12"', "published_on": "2025-12-01"}),
        ({}, {"published_on": "2025-07-01"}),
        ({}, {"insurance": '"medical"'}),
        ({}, {"scheme": '"flexible"'}),
    ],
)  # fmt: skip
def test_periods_that_meet_follow_or_correct(first, second):
    assert problems_of(limits(**first), limits(**second)) == []


def test_three_rows_are_held_against_their_neighbours_in_order():
    assert problems_of(
        limits(effective_from='"2026-01"'), limits(effective_to='"2025-08"'),
        limits(effective_from='"2025-09"', effective_to='"2025-10"'),
    ) == ["nanjing.toml, limits, employee pension 2026-01: a gap from 2025-11 to 2025-12"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("region = ", "x.toml: line 1 is not TOML, from column 10"),
        ("a = 1\na = 2 3", "x.toml: line 2 is not TOML, from column 6"),
        ("name_en = 1", "x.toml, name_en: 1 is not a text"),
        ("limits = 3", "x.toml, limits: is not known; use one of format, region, name_zh, name_en"),
        ("nmae_zh = 3", "x.toml, nmae_zh: is not known; did you mean name_zh?"),
        ("[limit]\n", "x.toml, limit: is not known; did you mean limits?"),
        ("[limits]\n", "x.toml, limits: write every row under its own [[limits]]"),
        ("limits = [1]", "x.toml, limits: write every row under its own [[limits]]"),
    ],
)
def test_a_file_that_is_no_pack(text, problem):
    assert problem in [str(each) for each in read_pack(text, "x.toml")[1]]


def test_the_head_of_a_pack():
    head = 'format = 2\nregion = "3201"\nname_zh = "x"\n'

    assert [str(each) for each in read_pack(head, "x.toml")[1]] == [
        'x.toml, region: \'3201\' is not a code of six digits such as "110000", or "CN"',
        "x.toml, name_en: is missing",
        "x.toml, format: this reads format 1 only",
    ]
    assert problems_of(region="3201000") != []
    assert problems_of(region="CN") == []


def test_the_format_must_be_named():
    text = pack_text().replace("format = 1", "")

    assert [str(each) for each in read_pack(text, "x.toml")[1]] == ["x.toml, format: is missing"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("region =", ("", "", "line 1 is not TOML, from column 9")),
        (pack_text() + "x = 1", ("", "x", "is not known; use one of format, region, name_zh, name_en")),
        (pack_text().replace('name_en = "Somewhere"', ""), ("", "name_en", "is missing")),
        (pack_text().replace("format = 1", "format = 2"), ("", "format", "this reads format 1 only")),
        (pack_text() + "[limit]", ("", "limit", "is not known; did you mean limits?")),
        (pack_text() + "[limits]", ("limits", "", "write every row under its own [[limits]]")),
    ],
)  # fmt: skip
def test_a_problem_keeps_its_parts(text, problem):
    assert read_pack(text, "x.toml") == (None, [Problem("x.toml", *problem)])


def test_every_wrong_row_of_a_table_is_named():
    assert [each.split(":")[0] for each in problems_of(limits(notice="1"), limits(notice="2"))] == [
        "nanjing.toml, limits row 1, notice", "nanjing.toml, limits row 2, notice"
    ]  # fmt: skip


def test_a_pack_keeps_its_names_and_its_text():
    text = pack_text(limits())

    pack, _ = read_pack(text, "x.toml")

    assert (pack.region, pack.name_zh, pack.name_en) == ("320100", "某地", "Somewhere")
    assert (pack.text, len(pack.rows)) == (text, 1)


def test_what_an_editor_puts_before_a_text_is_no_part_of_the_pack():
    pack, problems = read_pack("\ufeff" + pack_text(limits()), "x.toml")

    assert (pack.text, problems) == (pack_text(limits()), [])


def test_a_word_list_reads_its_words_only():
    read = values.one_of("agency", "tax")

    assert read("tax") == "tax"
    with pytest.raises(values.ValueRefused, match="'nobody' is not one of agency, tax"):
        read("nobody")


@pytest.fixture
def folder(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_bytes(
                text.encode("gb18030" if name == "gb" else "utf-8")
            )
        return tmp_path

    return write


def test_a_region_has_one_pack(folder):
    _, problems = read_folder(folder(a=pack_text(), b=pack_text(), c="x"))

    assert [str(each) for each in problems] == [
        "b.toml, region: 320100 has a pack already: a.toml",
        "c.toml: line 1 is not TOML, from column 2",
    ]


def test_a_folder_without_the_nation_has_the_shipped_one(folder):
    found, _ = read_folder(folder(a=pack_text(limits())))

    assert [pack.region for pack in with_national(found)] == ["CN", "320100"]
    assert [pack.region for pack in with_national(with_national(found))] == ["CN", "320100"]


def test_problems_of_a_folder_keep_their_parts(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    what = "there is no pack (*.toml) in this folder"

    assert read_folder(tmp_path / "empty") == ([], [Problem("empty", "", "", what)])
    assert read_folder(folder(gb=pack_text())) == (
        [], [Problem("gb.toml", "", "", "this is not UTF-8")]
    )  # fmt: skip
    _, problems = read_folder(folder(gb="", a=pack_text(), b=pack_text()))
    assert Problem("b.toml", "", "region", "320100 has a pack already: a.toml") in problems


def test_an_empty_folder_and_a_wrong_encoding(folder, tmp_path):
    (tmp_path / "empty").mkdir()

    assert [str(each) for each in read_folder(tmp_path / "empty")[1]] == [
        "empty: there is no pack (*.toml) in this folder"
    ]
    assert [str(each) for each in read_folder(folder(gb=pack_text()))[1]] == [
        "gb.toml: this is not UTF-8"
    ]


def test_loading_names_everything_that_is_wrong(folder):
    path = folder(a="x = 1", b=pack_text(limits(**{**LIMITS, "base_floor": "true"})))

    with pytest.raises(PackError, match=r"a\.toml, x: is not known") as caught:
        load_packs(path)

    assert [each.file for each in caught.value.problems] == ["a.toml"] * 5 + ["b.toml"]
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))


def test_loading_is_done_once(folder):
    path = folder(a=pack_text(limits()))

    assert load_packs(path) is load_packs(Path(path))
