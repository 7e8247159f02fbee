"""What a document says, as data: words in both languages, figures with what they count.

The parts of every payload: `name`, `id_last4`, `matter`, `outcome` and `decided_on`.
The papers add theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict, TypeVar

from flask_babel import force_locale

Words = dict[str, str]
"""One text in every language of the office, by locale."""

Figure = dict[str, Any]
"""{"fen": 716200}, {"ppm": 80000}, {"day": "2026-11-24"}, {"month": "2026-11"}, {"months": 12}.

{"amount": 716200} is fen as well, in a column whose heading names the unit. {"name": "王芳"} is a
person's name, which a verification masks.
"""

Value = str | Words | Figure
"""A text that needs no translation, a text in both languages, or a figure."""

LOCALES = ("zh_Hans", "en")
# Enough for its holder to see whose it is, and no number for whoever finds the paper.
_SHOWN_CHARACTERS = 4


class PaperTable(TypedDict):
    """A table of a paper: `numbers` are the columns set to the right."""

    title: Words
    columns: list[Words]
    rows: list[list[Value]]
    numbers: list[int]


class ReceiptPayload(TypedDict):
    """What a receipt says."""

    name: str
    id_last4: str
    # Set instead of the ID number's end where the document is an employer's.
    uscc: NotRequired[str]
    matter: Words
    outcome: Words
    outcome_code: str
    decided_on: str
    facts: list[tuple[Words, Value]]
    next_steps: list[Words]


def in_both_languages(text: Any) -> Words:
    """Return a lazy translation in every language; needs an app context."""
    words = {}
    for locale in LOCALES:
        with force_locale(locale):
            words[locale] = str(text)
    return words


def receipt_payload(
    *,
    name: str,
    id_number: str,
    matter: Words,
    outcome: Words,
    outcome_code: str,
    decided_on: date,
    facts: Sequence[tuple[Words, Value]] = (),
    next_steps: Sequence[Words] = (),
) -> ReceiptPayload:
    """Return what a receipt says; of the ID number only the last four characters are kept.

    `matter` is what it is about ("Record check 2026"), `facts` are further lines, `next_steps`
    what the person does now, if anything.
    """
    return ReceiptPayload(
        name=name,
        id_last4=id_number[-_SHOWN_CHARACTERS:],
        matter=matter,
        outcome=outcome,
        outcome_code=outcome_code,
        decided_on=decided_on.isoformat(),
        facts=[(label, value) for label, value in facts],
        next_steps=list(next_steps),
    )


class StatementPayload(ReceiptPayload):
    """What a statement says: a receipt's parts, tables, and notes to read them by."""

    tables: list[PaperTable]
    notes: list[Words]


PaperPayload = TypeVar("PaperPayload", bound=ReceiptPayload)


def statement_payload(
    receipt: ReceiptPayload, *, tables: Sequence[PaperTable], notes: Sequence[Words] = ()
) -> StatementPayload:
    """Return a receipt's parts with tables and notes."""
    return StatementPayload(**receipt, tables=list(tables), notes=list(notes))


def for_employer(paper: PaperPayload, uscc: str) -> PaperPayload:
    """Name the holder of a paper by the social credit code of an employer."""
    paper["id_last4"], paper["uscc"] = uscc[-_SHOWN_CHARACTERS:], uscc
    return paper
