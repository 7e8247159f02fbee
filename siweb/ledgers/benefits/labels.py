"""The words of benefits."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from siweb.ledgers.tables.benefit_entry import BenefitEntryKind
from siweb.registry.tables.benefit import BenefitKind, BenefitState

BENEFITS = {
    BenefitKind.PENSION: _l("Pension"),
    BenefitKind.INJURY: _l("Injury benefit"),
    BenefitKind.SURVIVOR: _l("Survivors’ benefit"),
    BenefitKind.UNEMPLOYMENT: _l("Unemployment benefit"),
}
STATES = {
    BenefitState.ACTIVE: _l("is paid"),
    BenefitState.DUE: _l("is paid"),
    BenefitState.OVERDUE: _l("is paid"),
    BenefitState.SUSPENDED: _l("suspended"),
    BenefitState.TERMINATED: _l("ended"),
}
ENTRIES = {
    # Chinese says "paid" of contributions with another word than of money that somebody received.
    BenefitEntryKind.PAID: lazy_pgettext("to the person", "Paid"),
    BenefitEntryKind.ADJUSTED: _l("Adjustment"),
    BenefitEntryKind.HELD: _l("Held back"),
    BenefitEntryKind.BACK_PAY: _l("Back pay"),
}
