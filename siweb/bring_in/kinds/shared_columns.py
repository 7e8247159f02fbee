"""Columns that several kinds of files have."""

from siweb.bring_in import cells
from siweb.bring_in.column import Column
from siweb.filings.fields.choices import CHOICES
from siweb.filings.sheets import values

PERSON = Column(
    name="id_number",
    heading="证件号码",
    holds="Citizen ID number of 18 characters; 15 digits are not enough",
    read=cells.id_number,
    is_needed=True,
)
INSURANCE_CODES = CHOICES["insurance"]
INSURANCE = Column(
    name="insurance",
    heading="险种",
    holds="Which insurance",
    read=cells.choice(INSURANCE_CODES),
    is_needed=True,
    codes=INSURANCE_CODES,
)
SCHEME_CODES = {
    "employee": ("职工", "单位职工", "在职职工"),
    "flexible": ("灵活就业", "灵活就业人员"),
    "resident": ("居民", "城乡居民"),
}
SCHEME = Column(
    name="scheme",
    heading="参保身份",
    holds="As what: through an employer, alone, or as a resident",
    read=cells.choice(SCHEME_CODES),
    is_needed=True,
    codes=SCHEME_CODES,
)
EMPLOYER = Column(
    name="uscc",
    heading="统一社会信用代码",
    holds="The employer's unified social credit code; empty for those who pay alone",
    read=cells.uscc,
)


def money(name: str, heading: str, holds: str, *, is_needed: bool = True) -> Column:
    """Return a column of amounts in yuan."""
    return Column(
        name=name,
        heading=heading,
        holds=f"{holds}, in yuan: 8000 or 8000.00",
        read=values.fen,
        is_needed=is_needed,
        is_sum=True,
    )


def month(
    name: str,
    heading: str,
    holds: str,
    *,
    is_needed: bool = False,
    may_follow_death: bool = False,
) -> Column:
    """Return a column of months."""
    return Column(
        name=name,
        heading=heading,
        holds=f"{holds}: 2026-01",
        read=values.month,
        is_needed=is_needed,
        is_when=True,
        may_follow_death=may_follow_death,
    )


def day(
    name: str,
    heading: str,
    holds: str,
    *,
    is_needed: bool = False,
    may_follow_death: bool = False,
) -> Column:
    """Return a column of days."""
    return Column(
        name=name,
        heading=heading,
        holds=f"{holds}: 2026-01-31",
        read=cells.day,
        is_needed=is_needed,
        is_when=True,
        may_follow_death=may_follow_death,
    )


def words(name: str, heading: str, holds: str, length: int, *, is_needed: bool = False) -> Column:
    """Return a column of words."""
    return Column(
        name=name,
        heading=heading,
        holds=f"{holds}, at most {length} characters",
        read=cells.text(length),
        is_needed=is_needed,
    )
