"""Bases of single insurances beside the wage, for regions where they may differ (分险种申报基数).

Where a region's pack lets no insurance have its own, a filing may still say what the wage comes to
for it, as payroll programs do; anything else is refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from siweb.filings.fields.field import N_, Field, FieldType, Values
from siweb.filings.fields.shared_fields import MOST_FEN, headings
from siweb.rules.parameters.parameter_set import ParameterSet

_HINT = N_("Only where it is another one than the monthly wage.")
# By insurance its label, that of the form, and what its column is called. What a sheet calls the
# pension base is the wage where there is no other column of it: most lists have one and name it so.
_DESCRIBED: Mapping[str, tuple[str, str, str, str]] = {
    "pension": (
        N_("Base of pension insurance alone"),
        N_("Base of pension insurance alone, in yuan"),
        "养老保险单独基数|单独养老基数",
        "养老保险缴费基数|养老保险基数|养老缴费基数|养老基数",
    ),
    "medical": (
        N_("Base of medical insurance alone"),
        N_("Base of medical insurance alone, in yuan"),
        "医疗保险单独基数|医疗保险缴费基数|医疗保险基数|医疗缴费基数|医疗基数|医保缴费基数|医保基数",
        "",
    ),
    "unemployment": (
        N_("Base of unemployment insurance alone"),
        N_("Base of unemployment insurance alone, in yuan"),
        "失业保险单独基数|失业保险缴费基数|失业保险基数|失业缴费基数|失业基数",
        "",
    ),
    "work_injury": (
        N_("Base of work injury insurance alone"),
        N_("Base of work injury insurance alone, in yuan"),
        "工伤保险单独基数|工伤保险缴费基数|工伤保险基数|工伤缴费基数|工伤基数",
        "",
    ),
    "maternity": (
        N_("Base of maternity insurance alone"),
        N_("Base of maternity insurance alone, in yuan"),
        "生育保险单独基数|生育保险缴费基数|生育保险基数|生育缴费基数|生育基数",
        "",
    ),
}


def name_of(insurance: str) -> str:
    """Return the name of the field of an insurance's own base."""
    return f"{insurance}_base_fen"


OWN_BASES: Mapping[str, Field] = {
    insurance: Field(
        name=name_of(insurance),
        type=FieldType.MONEY,
        label=label,
        form_label=form_label,
        headings=headings(named),
        spare_headings=headings(spare) if spare else (),
        example="",
        most=MOST_FEN,
        hint=_HINT,
    )
    for insurance, (label, form_label, named, spare) in _DESCRIBED.items()
}
"""By insurance the field of a base that holds for it alone."""
OWN_BASE_NAMES = frozenset(field.name for field in OWN_BASES.values())


def own_bases(values: Values) -> Iterator[tuple[str, Any]]:
    """Yield insurance and base of what a row declares for single insurances."""
    for insurance, field in OWN_BASES.items():
        if values.get(field.name) is not None:
            yield insurance, values[field.name]


def refused_own_bases(parameters: ParameterSet) -> frozenset[str]:
    """Return the fields of the insurances that have no base of their own in a region."""
    return frozenset(
        field.name
        for insurance, field in OWN_BASES.items()
        if not parameters.may_have_own_base(insurance)
    )
