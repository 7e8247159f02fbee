"""Why somebody's identity cannot be corrected so."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "nothing_changes": _l("The register says this already: nothing would change."),
    "born_to_come": _l("This date lies in the future."),
    "born_after_death": _l("The person died before this date."),
    "number_taken": _l(
        "Another registration has this number. If both are one person, join the two instead."
    ),
    "number_own": _l("This number leads to the person already, from another registration."),
    "former": _l("This registration was joined with another one: correct that one."),
    "differs": _l("The register changed since this was sent: send it anew."),
}
