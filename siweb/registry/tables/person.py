"""Natural persons (参保人); their social-security number (SIL 58) stands in `person_identity`."""

from datetime import date, datetime
from typing import Any, NoReturn, cast

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String
from sqlalchemy.ext.hybrid import Comparator, hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siweb.db.base import Base, prove_by_statement
from siweb.db.sealing.field_keys import number_digest
from siweb.db.types import RegionCode, word
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.tables.former_number import person_digested
from siweb.registry.tables.person_identity import PersonIdentity, identity_values


class _ByDigest(Comparator[str]):
    """`Person.id_number == number`: found by the digest; nothing else can be asked of a number.

    It finds the person whom the number leads to, see `siweb.registry.tables.former_number`.
    """

    def __init__(self, cls: Any) -> None:
        super().__init__(cls.id)
        self._person = cls

    def __eq__(self, number: object) -> ColumnElement[bool]:  # type: ignore[override]
        found = person_digested(number_digest(str(number)))
        return cast("ColumnElement[bool]", self._person.id == found)

    def __hash__(self) -> int:
        return id(self)

    def __clause_element__(self) -> NoReturn:
        raise TypeError("a number is read from PersonIdentity.number")


class Person(Base):
    __tablename__ = "person"
    __table_args__ = (CheckConstraint("died_on IS NULL OR died_on >= born_on", name="died_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(word(Sex, "sex", 1))
    born_on: Mapped[date]
    region_code: Mapped[str] = mapped_column(RegionCode(), ForeignKey("region.code"), index=True)
    retirement_category: Mapped[RetirementCategory] = mapped_column(
        word(RetirementCategory, "retirement_category")
    )
    mobile: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(10))
    # Months before joining that count as contributed (视同缴费年限, SIL 13).
    deemed_months: Mapped[int] = mapped_column(default=0)
    died_on: Mapped[date | None]
    registered_at: Mapped[datetime]
    # Comes with the person, in one statement.
    # Joined by an outer join, of which PostgreSQL locks no side: whoever locks a person says `of`.
    identity: Mapped[PersonIdentity] = relationship(lazy="joined", cascade="all, delete-orphan")

    def _number(self) -> str:
        return self.identity.number

    def _set_number(self, number: str) -> None:
        self.identity = PersonIdentity(**identity_values(number))

    # The citizen ID number, unsealed.
    id_number = hybrid_property(_number, _set_number).comparator(_ByDigest)


prove_by_statement(Person.__table__)
