"""What kinds of corrections are called."""

from flask_babel import lazy_gettext as _l

from siweb.collection.tables.record_correction import CorrectionKind

KINDS = {
    CorrectionKind.MISSING: _l("Months or insurances are missing"),
    CorrectionKind.BASE: _l("The base is wrong"),
    CorrectionKind.EMPLOYER: _l("The employer is wrong"),
    CorrectionKind.NOT_INSURED: _l("The person was not insured then"),
}
