"""Why a task that follows from a review cannot be finished."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "own_case": _l("This is about yourself: somebody else does it."),
    "same_person": _l("You decided this certification: another person examines it."),
    "done": _l("This task was done meanwhile."),
    "not_corrected": _l(
        "The record has not changed since the objection: correct it first; the task ends with it."
    ),
}
BACK_PAY_REFUSALS = {
    "held_none": _l("Nothing was withheld that is still to be paid."),
    "held_differs": _l("Other months are held back by now than were shown: send it again."),
}
