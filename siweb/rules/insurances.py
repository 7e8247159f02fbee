"""The five insurances and the three schemes, in the order in which they are shown everywhere."""

INSURANCES = ("pension", "medical", "unemployment", "work_injury", "maternity")
SCHEMES = ("employee", "flexible", "resident")


def insurance_order(insurance: str) -> int:
    """Return the place of an insurance in the one order in which all pages and papers list them."""
    return INSURANCES.index(insurance)
