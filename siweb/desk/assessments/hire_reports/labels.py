"""The words that say what is wrong with a line of a list."""

from flask_babel import lazy_gettext as _l

LIST_ERRORS = {
    "column_uscc": _l("the column uscc is missing"),
    "column_id_number": _l("the column id_number is missing"),
    "column_name": _l("the column name is missing"),
    "column_hired_on": _l("the column hired_on is missing"),
    "unknown_employer": _l("no employer here has this social credit code"),
    "unreadable": _l("the file cannot be read any further"),
    "day": _l("a day is not like 2026-03-05"),
    "number": _l("a number or amount is not right"),
}
