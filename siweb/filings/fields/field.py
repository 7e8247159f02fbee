"""One field of a filing: all that forms, sheets, programs and pages need to know of it.

The process that reads sheets imports this: it knows nothing of the web. Sentences are marked here
and translated where they are shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from siweb.filings.fields.finding import Finding

Values = Mapping[str, Any]
"""What a row gives: days 'YYYY-MM-DD', months 'YYYY-MM', money in fen, codes of choices."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for the catalogues."""
    return sentence


class FieldType(StrEnum):
    ID_NUMBER = "id_number"
    NAME = "name"
    DAY = "day"
    MONTH = "month"
    MONEY = "money"
    WHOLE = "whole"
    CHOICE = "choice"
    INSURANCES = "insurances"
    MOBILE = "mobile"


class Default(StrEnum):
    """What counts for a whole list that has no column for a field."""

    ASKED = "asked"
    ALL_INSURANCES = "all_insurances"
    # The first month of the payment year that is declared on that day.
    PAYMENT_YEAR = "payment_year"


class Suggestion(StrEnum):
    """What a form has in the field before anybody typed."""

    THIS_MONTH = "this_month"
    NEXT_MONTH = "next_month"
    ALL_INSURANCES = "all_insurances"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a kind of filing.

    A new one in the list of its kind (`of_kinds`) is in the form, the sheets, the template, the
    API and every page that shows a row.
    """

    name: str
    type: FieldType
    label: str
    # What columns are called; the first is the template's. Where a sheet has several of them, the
    # one that stands first here counts. Without any, a sheet has no such column.
    headings: tuple[str, ...] = ()
    # What counts for this field only where the field that has these headings is found elsewhere:
    # a day of leaving the insurance is the last day of work where no column has that.
    spare_headings: tuple[str, ...] = ()
    is_needed: bool = False
    # The list in `choices` that the codes come from.
    choices: str = ""
    # What the template's example row has; without it the first choice, the day or the month.
    example: str = ""
    # For the whole list where the sheet has no column.
    default: Default | None = None
    # In the form for one person: its own label, a hint, what is there before anybody typed.
    form_label: str = ""
    hint: str = ""
    # The period of the law that the hint names, by its name in the packs.
    hint_period: str = ""
    suggestion: Suggestion | None = None
    is_in_form: bool = True
    is_radio: bool = False
    # What an empty choice means; without it there is none.
    empty_label: str = ""
    least: int = 0
    most: int = 0
    # What the value and its neighbours have to fulfil beyond the type.
    rule: Callable[[Values], Finding | None] | None = None

    @property
    def repeats(self) -> bool:
        """Return whether many rows say the same here, so that reading it once is enough."""
        is_of_one = {FieldType.ID_NUMBER, FieldType.NAME, FieldType.MOBILE}
        # Wages of a year, and bases of single insurances, are everybody's own.
        is_own = self.name == "total_wage_fen" or self.name.endswith("_base_fen")
        return self.type not in is_of_one and not is_own
