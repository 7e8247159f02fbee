"""The words of mandates."""

from flask_babel import lazy_gettext as _l

from siweb.auth.tables.mandate import MandateKind

STAFF = _l("Who works at the agency acts for none of the employers that it serves.")
KINDS = {
    MandateKind.VIEWER: _l("Viewer"),
    MandateKind.FILER: _l("Filer"),
    MandateKind.OWNER: _l("Owner"),
}
KIND_HINTS = {
    MandateKind.VIEWER: _l("sees the roster and the filings"),
    MandateKind.FILER: _l("also files for the employer"),
    MandateKind.OWNER: _l("also changes the registration and decides who may act"),
}
