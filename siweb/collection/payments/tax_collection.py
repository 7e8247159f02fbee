"""What the tax office collects, and which lines of a bill its money may be used for."""

from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.payment import Payment, PaymentKind
from siweb.registry.codes import Insurance
from siweb.rules.parameters.pack_set import PackSet

TAX_OFFICE = "tax"
INSURANCE_NAMES = {
    Insurance.PENSION: "基本养老保险",
    Insurance.MEDICAL: "基本医疗保险",
    Insurance.UNEMPLOYMENT: "失业保险",
    Insurance.WORK_INJURY: "工伤保险",
    Insurance.MATERNITY: "生育保险",
}
"""As the tax office names them on its receipts and expects them in the list of what is due."""


def collected_by_tax_office(packs: PackSet, region_code: str, month: str) -> list[Insurance]:
    """Return the insurances that the tax office collects in a region for a month."""
    parameters = packs.parameters(region_code, month)
    return [
        insurance for insurance in Insurance if parameters.collecting_body(insurance) == TAX_OFFICE
    ]


def lines_for(
    payment: Payment, bill: Bill, lines: list[BillLine], *, packs: PackSet
) -> list[BillLine]:
    """Return the lines of a bill that a payment may be used for.

    Money of the tax office is for what it collects, and of that for the insurances that its receipt
    names: what it collects for one fund never pays another agency's line.
    """
    if payment.kind is not PaymentKind.TAX:
        return lines
    collected = collected_by_tax_office(packs, bill.region_code, bill.contribution_month)
    named = [
        insurance for insurance in collected if INSURANCE_NAMES[insurance] in payment.remittance
    ]
    return [line for line in lines if line.insurance in (named or collected)]
