"""The fixed words of the register, as they stand in tables, packs, pages and files."""

from enum import StrEnum


class Insurance(StrEnum):
    """The five insurances (SIL 2), in the order every page lists them."""

    PENSION = "pension"
    MEDICAL = "medical"
    UNEMPLOYMENT = "unemployment"
    WORK_INJURY = "work_injury"
    MATERNITY = "maternity"


class Scheme(StrEnum):
    """As what a person takes part (SIL 10, 20, 25)."""

    EMPLOYEE = "employee"
    FLEXIBLE = "flexible"
    RESIDENT = "resident"


class Sex(StrEnum):
    MALE = "M"
    FEMALE = "F"


class RetirementCategory(StrEnum):
    """Which statutory age applies; a woman's depends on her post and must be recorded."""

    MALE = "male"
    FEMALE_55 = "female55"
    FEMALE_50 = "female50"


class AgencyKind(StrEnum):
    """HR&SS runs pension, injury and unemployment; medical security the other two (OpReg 4)."""

    HRSS = "hrss"
    MEDICAL = "medical_security"


class EmployerStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
