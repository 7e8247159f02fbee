"""For which person somebody acts: it stands in the address, so that two tabs may differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.helping.serves import serves
from siweb.auth.staff.duties import Duty
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from siweb.messages.matter import matter
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity


@dataclass(frozen=True, slots=True)
class Helped:
    """A person and what the mandate allows, as every page that is about them sees it."""

    mandate_id: int
    reference: str
    kinds: frozenset[HelpKind]
    until_on: date
    basis: HelpBasis
    person_id: int
    name: str
    # The last four characters of the ID number: two people may have one name.
    id_end: str
    region_code: str

    def may(self, kind: str) -> bool:
        """Return whether the mandate allows something of a kind."""
        return kind in self.kinds


def find_helped(
    session: Session, account_id: int, reference: str, duties: Iterable[Duty], *, on: date
) -> Helped | None:
    """Return an account's right to act for the person of a mandate, or None; one statement.

    Whoever serves people of the region at the desk helps none of them, also where they were
    appointed after the mandate was given.
    """
    found = _in_force(account_id, on).where(HelpMandate.reference == reference)
    row = session.execute(found).first()
    if row is None:
        return None
    helped = _helped(row)
    return None if serves(session, duties, helped.person_id) else helped


def is_over(session: Session, account_id: int, reference: str, *, on: date) -> bool:
    """Return whether a mandate of an account was ended, or ran out; one statement."""
    over = or_(HelpMandate.ended_at.is_not(None), HelpMandate.until_on < on)
    mine = (HelpMandate.reference == reference, HelpMandate.helper_account_id == account_id)
    return session.scalar(select(HelpMandate.id).where(*mine, over)) is not None


def people_helped(session: Session, account_id: int, *, on: date) -> list[Helped]:
    """Return everybody that an account may act for, by name; one statement."""
    rows = session.execute(_in_force(account_id, on).order_by(Person.name, HelpMandate.id))
    return [_helped(row) for row in rows]


def people_to_help(account_id: Any, on: Any) -> Select[Any]:
    """Return the question for whom an account may act, and until when; nobody's name."""
    return (
        select(*matter("may_help", key=HelpMandate.reference, last_day=HelpMandate.until_on))
        .select_from(HelpMandate)
        .join(Person, Person.id == HelpMandate.person_id)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(HelpMandate.helper_account_id == account_id, *holds(on), Person.died_on.is_(None))
        .order_by(HelpMandate.until_on, HelpMandate.id)
    )


def holds(on: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a mandate opens something on a day.

    The query has `CommunityHelper` joined to it from outside.
    """
    appointed = and_(CommunityHelper.ended_at.is_(None), CommunityHelper.until_on >= on)
    return (
        HelpMandate.ended_at.is_(None),
        HelpMandate.from_on <= on,
        # The last day is a whole one, as people say "until the 31st".
        HelpMandate.until_on >= on,
        or_(HelpMandate.community_helper_id.is_(None), appointed),
    )


def _helped(row: Any) -> Helped:
    return Helped(
        row.id,
        row.reference,
        row.kinds,
        row.until_on,
        row.basis,
        row.person_key,
        row.name,
        row.number[-4:],
        row.region_code,
    )


def _in_force(account_id: int, on: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            HelpMandate.id,
            HelpMandate.reference,
            HelpMandate.kinds,
            HelpMandate.until_on,
            HelpMandate.basis,
            Person.id.label("person_key"),
            Person.name,
            PersonIdentity.number,
            Person.region_code,
        )
        .select_from(HelpMandate)
        # A registration that was joined to another one is that one: a death is entered there.
        .outerjoin(PersonAlias, PersonAlias.former_id == HelpMandate.person_id)
        .join(Person, Person.id == func.coalesce(PersonAlias.person_id, HelpMandate.person_id))
        .join(PersonIdentity, PersonIdentity.person_id == Person.id)
        .outerjoin(CommunityHelper, CommunityHelper.id == HelpMandate.community_helper_id)
        .where(HelpMandate.helper_account_id == account_id, *holds(on), Person.died_on.is_(None))
    )
