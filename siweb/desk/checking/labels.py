"""What the functions are called, for every part of the desk: below all of them."""

from flask_babel import lazy_gettext as _l

from siweb.auth.tables.appointment import Function

FUNCTIONS = {
    Function.REGISTRATION: _l("Registrations"),
    Function.CONTRIBUTIONS: _l("Contributions"),
    Function.FINANCE: _l("Accounts and finance"),
    Function.REVIEW: _l("Reviews and benefits"),
    Function.AUDIT: _l("Audit (reads, changes nothing)"),
    Function.PARAMETERS: _l("Parameters"),
    Function.ADMINISTRATION: _l("Administration"),
}
