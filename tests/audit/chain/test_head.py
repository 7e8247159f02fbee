import re

import pytest

from siweb.audit.chain.head import Head, current_head, note_head, noted_heads
from tests.audit.activity_log import sealed_lines

CODE = "12-34679-ACDEF-GHJKM-NPQRT-WXY34"


def test_an_empty_log_has_no_head(session):
    assert current_head(session) is None


def test_a_head_that_is_printed_is_read_again(session):
    sealed_lines(session, 1, 2, 3)
    head = current_head(session)

    assert (str(head).startswith("3-"), Head.read(str(head))) == (True, head)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        f"  {CODE}\n",
        "12-34679ACDEFGHJKMNPQRTWXY34",
        "１２-３４６７９ＡＣＤＥＦＧＨＪＫＭＮＰＱＲＴＷＸＹ３４",
    ],
)
def test_a_head_is_read_as_people_type_it(typed):
    assert str(Head.read(typed)) == CODE


@pytest.mark.parametrize(
    "typed", ["", "12", "12-34679", CODE[:-1], f"{CODE}3", CODE.replace("A", "B"), f"x{CODE}"]
)
def test_what_is_no_head_is_refused(typed):
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        Head.read(typed)


def test_heads_are_added_to_their_file_with_their_days(tmp_path):
    file = tmp_path / "heads"
    head = Head.read(CODE)

    note_head(head, "2026-11-24", file)
    note_head(head, "2026-11-25", file)

    assert file.read_text() == f"2026-11-24 {CODE}\n2026-11-25 {CODE}\n"
    assert noted_heads(file) == [Head(12, head.letters, f"2026-11-2{day}") for day in (4, 5)]
