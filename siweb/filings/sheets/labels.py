"""What is unclear about a list or in its cells, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

LIST_REFUSALS = {
    "no_columns": _l(
        "No row with headings was found: there must be one for the name and one for the ID number. "
        "Assign the columns below, or use the template."
    ),
    "columns_missing": _l(
        "The list has no column that we know for: %(columns)s. Assign one, or give one value for "
        "the whole list."
    ),
    "no_people": _l(
        "There is nobody below the headings: each person needs a row with a name and an ID number. "
        "Fill the list in, or choose the sheet and the row of the headings."
    ),
    "several_lists": _l(
        "Several sheets have a list: %(sheets)s. Choose which one is to be read, and upload the "
        "file again for each of the others."
    ),
}
ANSWERED = frozenset(LIST_REFUSALS)
"""What is no refusal for good: the filer answers it on the page, and the list is read."""
_NOTICES = {
    "sheet_read": _l("The sheet “%(sheet)s” was read. Not read: %(unread)s."),
}


def notice_text(notice: Mapping[str, Any]) -> str:
    """Return what the page says about a file as a whole."""
    return str(_NOTICES[notice["code"]] % listed(notice["facts"]))


def listed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with lists as text."""
    return {
        name: "、".join(map(str, fact)) if isinstance(fact, list | tuple) else fact
        for name, fact in facts.items()
    }


CELL_FINDINGS = {
    "column_used_twice": _l("This column is assigned to another field already."),
    "column_missing": _l("Choose the column for “%(field)s”."),
    "value_missing": _l("Choose the column for “%(field)s”, or enter one value for all."),
    "cell_day_unclear": _l(
        "“%(text)s” can mean more than one date. Write the year with four digits, like 2026-03-05."
    ),
    "cell_month_unclear": _l("“%(text)s” can mean more than one month. Write it like 2026-03."),
    "cell_unit": _l(
        "The heading “%(text)s” names another unit than yuan a month. Write the amounts in yuan, "
        "and the heading without the unit."
    ),
    "cell_twice": _l(
        "Two columns are called “%(field)s” and differ: %(text)s. Delete one of them, or assign "
        "the one that counts."
    ),
    "cell_letters": _l(
        "In “%(text)s” a letter was lost when the file was saved. Type it anew, and save the list "
        "as XLSX."
    ),
    "cell_number_short": _l(
        "“%(text)s” is a shortened number, so that digits may be missing. Write it out, like 8000."
    ),
}
