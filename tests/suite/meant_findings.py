"""What a proof of the books says of what should not be there, or should be there once.

Whatever a test finds in the books is held to these figures, also where it looks for the words
alone: a finding is read as what is expected against what was found.
"""

from siweb.collection.books.imbalance import Imbalance

# Nothing of it should be there.
NOTHING = frozenset(
    {
        "no run billed it",
        "no statement, order or person told of it",
        "no record, transfer or interest stands behind it",
        "names a record that is not its own",
        "what is left",
        "is of another region than its bill",
        "money that went back has something left",
        "a line of another region or month",
        "paid on a day without money of the bill (a count of records)",
        "records without a bill's line",
        "takes back another amount than was billed",
        "nobody decided this back pay",
        "is no month of its bill",
    }
)
ONCE = frozenset({"how often it was paid (a count)"})
# One should be there, and none is; or none should, and one is.
MISSING = frozenset(
    {
        "no claim stands for it (a count)",
        "neither booked nor held (a count)",
        "no term of its run (a count)",
    }
)
TOO_MANY = frozenset(
    {
        "nothing open stands behind it (a count)",
        "lasts longer than was approved (a count)",
        "pauses days that another one pauses (a count)",
        "waits for more than the bill (a count)",
        "waits as no deferral says (a count)",
    }
)
_SAID = Imbalance.__str__


def said(found: Imbalance) -> str:
    """Put a finding into words, and hold it to what its words mean."""
    line = _SAID(found)
    figures = (found.expected_fen, found.found_fen)
    assert figures[0] != figures[1], line
    assert found.what not in NOTHING or figures[0] == 0, line
    assert found.what not in ONCE or figures[0] == 1, line
    assert found.what not in MISSING or figures == (1, 0), line
    assert found.what not in TOO_MANY or figures == (0, 1), line
    return line
