"""Why a note is not written, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "has_number": _l(
        "There is an ID number in the note. Leave it out: the page says whom it is about."
    ),
    "has_card": _l("There is the number of a bank card in the note. Leave it out."),
    "note_gone": _l("The note that this one corrects is not here any more. Write it as a new one."),
    "not_here": _l("You do not hold this function where this lies. Choose another one."),
    "corrected_before": _l(
        "A colleague corrected this note meanwhile. Correct that correction, if it is wrong."
    ),
}
