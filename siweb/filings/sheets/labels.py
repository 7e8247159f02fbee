"""What is unclear about a list or in its cells, in the reader's words."""

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
    "several_lists": _l(
        "Several sheets have a list: %(sheets)s. Choose which one is to be read, and upload the "
        "file again for each of the others."
    ),
}
ANSWERED = frozenset(LIST_REFUSALS)
"""What is no refusal for good: the filer answers it on the page, and the list is read."""
NOTICES = {
    "sheet_read": _l("The sheet “%(sheet)s” was read. Not read: %(unread)s."),
}
CELL_FINDINGS = {
    "cell_day_unclear": _l(
        "“%(text)s” can mean more than one day. Write it with all four digits of the year, like "
        "2026-03-05."
    ),
    "cell_month_unclear": _l("“%(text)s” can mean more than one month. Write it like 2026-03."),
    "cell_number_short": _l(
        "“%(text)s” is a shortened number, so that digits may be missing. Write it out, like 8000."
    ),
}
