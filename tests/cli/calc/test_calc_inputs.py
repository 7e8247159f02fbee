"""`siweb calc`: files of many, and one sentence for every wrong input."""

import json

import pytest

LATE = ("late-fee", "--principal", "100000", "--due-date", "2025-07-15", "--paid-date")
PREMIUM = ("premium", "--monthly-wage")


@pytest.fixture
def sheet(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "rows.csv"
        path.write_text(text, encoding)
        return path

    return write


def test_a_file_of_many_answers_row_by_row(run, sheet):
    path = sheet("id,principal,due_date,paid_date,cap\n"
                 "甲,100000,2025-07-15,2025-07-25,是\n乙,x,2025-07-15,2025-07-25,\n", "gb18030")  # fmt: skip

    found = run("calc", "late-fee", "--batch", path)

    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        (
            "row,id,days,late_fee,to_pay,principal,borne_by_employer,borne_by_employee,arrears_case,"
            "error"
        ),
        "1,甲,10,500.00,100500.00,100000.00,500.00,0.00,true,",
        "2,乙,,,,,,,,\"--principal: 'x' is not an amount in yuan from 0 up, such as 7162.00.\"",
    ]


def test_a_file_of_many_as_json_lines_with_shared_options(run, sheet):
    path = sheet("principal\n100\n200\n")

    found = run("calc", *("late-fee", "--due-date", "2025-01-01", "--paid-date=2025-01-21"),
                "--batch", path, "--json")  # fmt: skip

    answers = [json.loads(line) for line in found.stdout.splitlines()]
    assert [answer["result"]["late_fee"] for answer in answers] == ["1.00", "2.00"]
    assert [answer["row"] for answer in answers] == [1, 2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "rows.csv is empty."),
        ("princpal\n1\n", ("The column 'princpal' is no option of this calculation. "
                          "Did you mean 'principal'?")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used(refusal, sheet, text, sentence):
    assert refusal("late-fee", "--batch", sheet(text)) == sentence


def test_a_row_with_too_many_cells_or_a_strange_flag(run, sheet):
    path = sheet("principal,cap\n1,maybe\n1,no,3\n")

    lines = run("calc", "late-fee", "--batch", path).stdout.splitlines()

    assert lines[1:] == ["1,'maybe' is not true or false (--cap).",
                         "2,The row has more cells than there are columns."]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((*PREMIUM, "abc", "--pension", "16/8"),
         "--monthly-wage: 'abc' is not an amount in yuan from 0 up, such as 7162.00."),
        ((*PREMIUM, "1.234", "--pension", "16/8"),
         "--monthly-wage: '1.234' is not an amount in yuan from 0 up, such as 7162.00."),
        ((*PREMIUM, "5000", "--pension", "16"),
         "--pension: '16' is not a pair of percentages such as 16/8."),
        ((*PREMIUM, "5000", "--pension", "0.00001/8"),
         "--pension: '0.00001/8' is not a pair of percentages such as 16/8."),
        ((*PREMIUM, "5000"), "Give a region, or at least one rate such as --pension 16/8."),
        (("premium", "--pension", "16/8"), "--monthly-wage is missing."),
        ((*PREMIUM, "1", "--people", "0", "--pension", "16/8"), "--people must be at least 1."),
        ((*PREMIUM, "5000", "--pension", "16/8", "--floor", "9", "--ceiling", "8"),
         "The floor is above the ceiling (pension)."),
        ((*PREMIUM, "1", "--region", "999999"), "There is no pack for region 999999."),
        ((*PREMIUM, "1", "--region", "110000", "--month", "2001-01"),
         "Region 110000 has no employee scheme for 2001-01."),
        ((*PREMIUM, "1", "--injury-class", "9"), "--injury-class: '9' is not an injury class from 1 to 8."),
        ((*LATE, "2025-02-30"), "--paid-date: '2025-02-30' is not a date such as 2025-07-15."),
        (("late-fee", "--principal", "1"), "--due-date is missing."),
        (("late-fee", "--principl", "1"), "No such option '--principl'. Did you mean '--principal'?"),
        (("late-fee", "--inputs", '{"principl": 1}'),
         "The key 'principl' is no option of this calculation. Did you mean 'principal'?"),
        (("late-fee", "--inputs", "[1]"), "--inputs is not a JSON object."),
        (("retirement", "--birth-month", "1965-13", "--category", "male"),
         "--birth-month: '1965-13' is not a month such as 2025-07."),
        (("retirement", "--birth-month", "1965-12", "--category", "female"),
         "--category: 'female' is not a category: male, female55 or female50."),
        (("pension", "--index", "1", "--years", "20", "--balance", "0", "--age", "75", "--average-wage", "1"),
         "The months table has no row for the age of 900 months."),
        (("pension", "--index", "1", "--balance", "0", "--age", "60", "--average-wage", "1"),
         "Give either --years or --months-contributed."),
        (("account", "--rate", "2.62"), "--rate: '2.62' is not a rate such as 0.0262 or 2.62%."),
        (("account", "--rate", "0.01", "--deposits", "13:1"),
         "A deposit's month must be from 1 to 12, not 13."),
        (("deadline",), "Give one day, such as --hire-date or --date."),
        (("deadline", "--date", "2025-01-01"),
         "Give one length: --days, --working-days, --months or --period."),
        (("deadline", "--date", "2025-01-01", "--days", "1", "--months", "1"),
         "Give only one of --days, --working-days and --months."),
        (("deadline", "--date", "2025-01-01", "--period", "lunch"),
         "Region CN has no deadlines.lunch for 2025-01."),
        (("workdays", "--start", "2025-01-01"), "Give either --days or --end."),
        (("assess", "--due", "1"), "--last-month-paid is missing."),
        (("assess", "--last-base", "1", "--floor", "3", "--ceiling", "2"),
         "The floor is above the ceiling."),
        (("fine",), "Give --due, --arrears or --defrauded."),
        (("certification", "--last-success", "2023-01-01", "--period-months", "0"),
         "The period must be at least one month."),
        (("id",), "--number is missing."),
        (("lunch",), "No such command 'lunch'."),
        (("premium", "--packs", "/nowhere"), "--packs: Directory '/nowhere' does not exist."),
    ],
)  # fmt: skip
def test_a_wrong_input_ends_in_one_sentence(refusal, words, sentence):
    assert refusal(*words) == sentence


def test_a_broken_pack_is_named(refusal, tmp_path):
    (tmp_path / "x.toml").write_text("format = 1")

    sentence = refusal("late-fee", "--principal", "1", "--due-date", "2025-01-01",
                       "--paid-date", "2025-01-01", "--packs", tmp_path)  # fmt: skip

    assert sentence == "A pack cannot be used: x.toml, region: is missing."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("late-fee", "--principal", "1", "--days", "1", "--due-date", "2025-01-01",
          "--paid-date", "2025-01-02"),
         "Give either --days or both --due-date and --paid-date."),
        (("late-fee", "--principal", "1", "--days", "99999999999"),
         "--days reaches beyond the calendar."),
        (("account", "--yearly-deposit", "1", "--rate", "1%"),
         "--yearly-deposit goes with --method yearly only."),
        (("pension", "--average-wage", "1", "--index", "1", "--years", "1", "--balance", "1",
          "--payout-months", "0"), "--payout-months must be at least 1."),
        (("benefit-months", "--months-contributed", "[60, 120]", "--carried-months", "[1, 2, 3]"),
         "Give one --carried-months, or one for each question."),
        (("premium", "--monthly-wage", "1", "--rate", "x"),
         "--rate: 'x' is not a percentage or a pair such as 16/8."),
    ],
)  # fmt: skip
def test_short_forms_that_do_not_fit_are_refused(refusal, words, sentence):
    assert refusal(*words) == sentence
