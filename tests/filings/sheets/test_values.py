"""What a cell says, in the many shapes people write it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siweb.documents.spreadsheets.reading.cell import Cell, CellKind
from siweb.filings.fields.choices import CHOICES
from siweb.filings.sheets import values
from siweb.filings.sheets.texts import plain
from siweb.filings.sheets.values import Unreadable
from siweb.rules.identifiers.identity_number import check_character


def text(said):
    return Cell(CellKind.TEXT, said)


def number(said):
    return Cell(CellKind.NUMBER, said)


DAY_SHAPES = (
    "{0.year}-{0.month}-{0.day}",
    "{0.year}-{0.month:02d}-{0.day:02d}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}{0.month:02d}{0.day:02d}",
    " {0.year}-{0.month:02d}-{0.day:02d} 00:00:00",
    "'{0.year}-{0.month:02d}-{0.day:02d}",
)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(DAY_SHAPES))
def test_a_day_reads_in_every_shape(day, shape):
    assert values.day(text(shape.format(day))) == day.isoformat()


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.booleans())
def test_a_day_reads_as_a_sheet_counts_it(day, begins_1904):
    since = date(1904, 1, 1) if begins_1904 else date(1899, 12, 30)
    cell = Cell(CellKind.DAY, str((day - since) // timedelta(days=1)))

    assert values.day(cell, begins_1904=begins_1904) == day.isoformat()
    assert values.month(cell, begins_1904=begins_1904) == day.isoformat()[:7]


@pytest.mark.parametrize("said", ["2026-02-30", "soon", "26-3-5", "99999999", "3月1日", "", "-1"])
def test_what_is_no_day_is_said(said):
    with pytest.raises(Unreadable, match="cell_day"):
        values.day(text(said))


@pytest.mark.parametrize(
    "said",
    [
        "2026-03",
        "2026-3",
        "202603",
        "2026/3",
        "2026.3",
        "2026年3月",
        "2026年03月",
        "2026-03-15",
        "'202603",
    ],
)
def test_a_month_reads_in_every_shape(said):
    assert values.month(text(said)) == "2026-03"


@pytest.mark.parametrize("said", ["2026-13", "March", "202600", "2026"])
def test_what_is_no_month_is_said(said):
    with pytest.raises(Unreadable, match="cell_month"):
        values.month(text(said))


AMOUNT_SHAPES = ("{}", "{}元", "￥{}", "¥ {}", " {} ", "'{}")


@given(st.integers(0, 10**12), st.sampled_from(AMOUNT_SHAPES))
def test_an_amount_reads_to_the_fen(amount, shape):
    yuan = f"{amount // 100}.{amount % 100:02d}"
    grouped = f"{amount // 100:,}.{amount % 100:02d}"

    assert values.fen(text(shape.format(yuan))) == amount
    assert values.fen(text(shape.format(grouped))) == amount


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("８０００．５０", 800_050),
        ("8000.1000000000004", 800_010),
        ("8000.0999999999999", 800_010),
        # What a program's own reckoning may add or lack, to the last of it.
        ("8000.1000001", 800_010),
        ("8000.1000009", 800_010),
        ("8000.10000099995", 800_010),
        ("8000.0999991", 800_010),
        ("0", 0),
        ("8.000", 800),
    ],
)
def test_amounts_as_programs_write_them(said, amount):
    assert values.fen(number(said)) == amount


@pytest.mark.parametrize(
    "said",
    ["8000.555", "-8000", "about 8000", "8k", "1.2.3", "=8000", "8.000", "120.000", "8000.1000010",
     "8000.0999990", "8000.100001", "8000.099999"],
)  # fmt: skip
def test_what_is_no_amount_is_said(said):
    with pytest.raises(Unreadable, match="cell_money"):
        values.fen(text(said))


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (text(" 11010119900307002x "), "11010119900307002X"),
        (text("'11010119900307002Ｘ"), "11010119900307002X"),
        (text("110101 19900307 002×"), "11010119900307002X"),
        (text("１１０１０１１９９００３０７００２Ｘ"), "11010119900307002X"),
        (number("1.10101199003070E+17"), "110101199003070000"),
        (number("110101199003070000"), "110101199003070000"),
        (number("1.1010119900307E+17"), "110101199003070000"),
        (number("1.10101199003070115E+17"), "110101199003070115"),
        (number("1.2E+5"), "1.2E+5"),
        (number("12000"), "12000"),
        (number("abcdefghijklmno000"), "ABCDEFGHIJKLMNO000"),
    ],
)
def test_an_id_number_keeps_every_digit_that_is_there(cell, read):
    assert values.id_number(cell) == read


@pytest.mark.parametrize(
    "said", ["1.10101199003074E+17", "1.101011990030745E+17", "1.1010119900307451E+17"]
)
def test_what_a_spreadsheet_cut_ends_as_it_always_does(said):
    assert values.id_number(number(said)) == "110101199003074000"


def test_a_cut_number_that_happens_to_fit_is_nobodys():
    fitting = next(
        f"1101011990{day}0000"
        for day in range(1001, 1029)
        if check_character(f"1101011990{day}000") == "0"
    )

    assert values.id_number(text(fitting)) == fitting
    assert values.id_number(text(f"'{fitting}")) == fitting
    with pytest.raises(Unreadable, match="id_excel_mangled"):
        values.id_number(number(fitting))


@pytest.mark.parametrize("kind", [CellKind.TEXT, CellKind.NUMBER, CellKind.FORMULA])
def test_a_month_after_a_dot_may_have_lost_its_zero(kind):
    with pytest.raises(Unreadable, match="cell_month"):
        values.month(Cell(kind, "2026.1"))
    with pytest.raises(Unreadable, match="cell_month"):
        values.month(Cell(kind, " ２０２６．１ "))
    for said in ("2026.01", "2026.10", "2026.11"):
        assert values.month(Cell(kind, said)) == said.replace(".", "-")


@pytest.mark.parametrize("said", ["x", "X", "o", "O", "ｘ"])
def test_a_tick_that_may_be_a_cross_is_neither(said):
    with pytest.raises(Unreadable, match="cell_choice"):
        values.ticked(text(said))


@pytest.mark.parametrize(("said", "read"), [("√", True), ("是", True), ("×", False), ("", False)])
def test_a_tick_is_a_tick(said, read):
    assert values.ticked(text(said)) is read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("王 芳", "王芳"),
        (" 王芳\u3000", "王芳"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 . 买买提", "阿依古丽·买买提"),
        ("J. R. Smith", "J. R. Smith"),
        ("王\r\n芳", "王芳"),
        ("𠮷田", "𠮷田"),
        ("Anna  Maria", "Anna Maria"),
        ("㐀 a", "㐀a"),
    ],
)
def test_a_name_reads_one_way(said, read):
    assert values.person_name(text(said)) == read


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_every_word_stands_for_its_code(name):
    read = values.choice(name)
    for code, words in CHOICES[name].items():
        for said in (code, *words, f"01.{words[0]}", f" {words[0]} "):
            assert read(text(said)) == code, said


def test_a_word_nobody_knows_is_said():
    with pytest.raises(Unreadable, match="cell_choice"):
        values.choice("end_reason")(text("因为"))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("五险", list(CHOICES["insurance"])),
        ("养老、工伤", ["pension", "work_injury"]),
        ("养老保险,医疗保险 失业", ["pension", "medical", "unemployment"]),
    ],
)
def test_insurances_read_as_a_list(said, read):
    assert values.insurances(text(said)) == read


@pytest.mark.parametrize(("said", "read"), [("13800001234", True), ("+86 138-0000-1234", True)])
def test_a_mobile_number_reads_as_digits(said, read):
    assert (values.mobile(text(said)) == "13800001234") is read


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(said):
    readers = (values.day, values.month, values.fen, values.whole, values.mobile)
    for read in (*readers, values.insurances, values.ticked, values.choice("form")):
        try:
            read(text(said))
        except Unreadable as unreadable:
            assert unreadable.code.startswith("cell_")
    values.id_number(text(said))
    values.person_name(text(said))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("'8000", "8000"),
        ("’8000’", "8000"),
        ("‘ 8000 ’", "8000"),
        ("'", ""),
        ("", ""),
        ("王\u3164芳\u200b", "王芳"),
        # Only what begins with one was marked as text; the other one belongs to the name.
        ("Li'", "Li'"),
    ],
)
def test_apostrophes_around_a_value_are_the_spreadsheet_s(typed, meant):
    assert plain(typed) == meant
