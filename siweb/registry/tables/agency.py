"""Bodies that run some of the insurances in a region (经办机构); a region has two of them."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from siweb.db.base import Base
from siweb.db.types import RegionCode, WordSet, word
from siweb.registry.codes import AgencyKind, Insurance


class Agency(Base):
    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("region_code", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"))
    kind: Mapped[AgencyKind] = mapped_column(word(AgencyKind, "kind"))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120))
    address_zh: Mapped[str] = mapped_column(String(120))
    address_en: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str] = mapped_column(String(30))
    # Which insurances it runs, as two people set it; None: every one of the region.
    insurances: Mapped[frozenset[Insurance] | None] = mapped_column(WordSet(Insurance))
    # When its counters are open, in both languages as people read it: "周一至周五 9:00–17:00".
    hours: Mapped[str] = mapped_column(String(80), default="")
