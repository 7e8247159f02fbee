"""Who is open in which insurance: a second claim of the same fails, whatever region makes it.

Nobody takes part twice in one insurance, wherever they live (SIL 10, 23; Order 13 Art. 9 excepts
work injury, which each employer insures). Enrolments lie by region, and a key of theirs that
contains the region cannot hold that. This table stands beside all regions, so it has no references
into theirs; `siweb check` holds it to the enrolments.
"""

from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import CLUSTERED, Base
from siweb.db.codes import code, is_listed
from siweb.db.types import RegionCode
from siweb.registry.codes import Insurance


class EnrolmentClaim(Base):
    __tablename__ = "enrolment_claim"
    __table_args__ = CLUSTERED

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    insurance: Mapped[Insurance] = mapped_column(
        code(Insurance, "insurance"), is_listed("insurance"), primary_key=True, autoincrement=False
    )
    # The employer whose people they are in work injury; 0 in the insurances that are once a person.
    employer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Where the enrolment is.
    region_code: Mapped[str] = mapped_column(RegionCode())
