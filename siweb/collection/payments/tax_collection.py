"""What the tax office collects, and what it calls that."""

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
