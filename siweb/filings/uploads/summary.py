"""What a draft of many rows comes to, line by line, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing, FilingState
from siweb.web.language.formats import count, yuan
from siweb.web.language.labels import insurance_name

Lines = list[tuple[str, str]]
# Kinds whose rows move a base without naming a whole year's list.
_MOVING = frozenset({FilingKind.CHANGE, FilingKind.RESUME})


def roster_lines(filing: Filing) -> Lines:
    """Return how a draft differs from the roster; nothing once it was sent."""
    roster: Mapping[str, Any] | None = (filing.totals or {}).get("roster")
    if filing.state is not FilingState.DRAFT or not roster:
        return []
    lines = [(_("Rows that can be sent"), count(roster["rows"]))]
    if filing.kind is FilingKind.HIRE:
        lines.append((_("People new in the register"), count(roster["unknown"])))
    if roster["late"]:
        lines.append((_("Late"), count(roster["late"])))
    if filing.kind is FilingKind.BASE or filing.kind in _MOVING:
        lines.append((_("Base goes up"), count(roster["up"])))
        lines.append((_("Base goes down"), count(roster["down"])))
    if filing.kind is FilingKind.BASE:
        sign = "+" if roster["step_fen"] > 0 else ""
        lines.append((_("Base stays"), count(roster["same"])))
        lines.append((_("Change of all bases"), sign + yuan(roster["step_fen"])))
    if filing.kind is FilingKind.BASE or filing.kind in _MOVING:
        lines.append((_("Large changes to check"), count(roster["jumps"])))
    if filing.kind is FilingKind.BASE:
        lines.append((_("Insured but not in the list"), count(roster["not_listed"])))
    return lines


def bill_lines(filing: Filing) -> Lines:
    """Return what a month costs with the rows of a draft, by insurance."""
    bill: Sequence[Mapping[str, Any]] = (filing.totals or {}).get("bill") or []
    return [
        (
            insurance_name(line["insurance"]),
            _(
                "employer %(employer)s, employees %(employee)s, people: %(people)s",
                employer=yuan(line["employer_fen"]),
                employee=yuan(line["employee_fen"]),
                people=count(line["people"]),
            ),
        )
        for line in bill
    ]
