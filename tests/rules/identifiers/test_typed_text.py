"""Text as people paste it: what cannot be seen goes, what can be seen stays."""

import pytest

from siweb.rules.identifiers.typed_text import has_letter, normalise_lines, normalise_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Li Wei", "Li Wei"), ("  Li  Wei ", "Li Wei"), ("Li\u3000Wei", "Li Wei"),
     ("李\u200b伟", "李伟"), ("李伟\ufeff", "李伟"), ("\u202e李伟\u202c", "李伟"), ("李\0伟", "李伟"),
     ("李\ud800伟", "李伟"), ("李\ue000伟", "李伟"), ("li\u00adwei", "liwei"), ("李\t伟", "李 伟"),
     ("李\n伟", "李 伟"), ("e\u0301", "é"), ("𠮷野", "𠮷野"), ("阿依古丽·买买提", "阿依古丽·买买提"),
     # Taken into Unicode later than Python's tables; the end of that plane is no character.
     ("王\U0002ebf0", "王\U0002ebf0"), ("王\U00031350", "王\U00031350"), ("王\U0002fffe", "王"),
     ("王\u3164芳", "王芳"), ("\u115f\u1160\uffa0\u034f\u180b", ""),
     ("\x7f", ""), (" \u200b ", ""), ("", "")],
)  # fmt: skip
def test_one_line_holds_what_can_be_seen(typed, meant):
    assert normalise_text(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("一\r\n二\r三\n四", "一\n二\n三\n四"), ("\n 一 \n\n  二\u200b \n", "一\n\n二"), ("", "")],
)
def test_several_lines_keep_their_breaks(typed, meant):
    assert normalise_lines(typed) == meant


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("李", True),
        ("1a", True),
        ("ي", True),
        ("12·-", False),
        ("", False),
        ("\U00031350", True),
        ("\u3164", False),
    ],
)
def test_a_name_needs_a_letter(text, has):
    assert has_letter(text) is has
