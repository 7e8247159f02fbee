"""Make a demonstration office: the same seed and day make the same data."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.demo.accounts import make_entries
from siweb.demo.assessments import make_assessments
from siweb.demo.benefits import make_benefit
from siweb.demo.campaigns import make_agencies, make_campaigns
from siweb.demo.employers import make_employers
from siweb.demo.histories import make_history
from siweb.demo.levies import make_levies
from siweb.demo.mandates import make_mandates
from siweb.demo.open_hires import make_open_hires
from siweb.demo.people import MadePerson, make_people
from siweb.demo.plan import REGIONS, Kind, Plan
from siweb.demo.sign_ins import make_sign_ins
from siweb.ledgers.tables.account_entry import AccountEntry
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.claim_enrolments import claim_enrolments
from siweb.registry.insert_people import insert_people
from siweb.registry.regions.load import load_regions
from siweb.registry.search.follow import let_find_employers
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.benefit import Benefit, LifeSign
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.reviews.tables.campaign import Campaign
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.pack_set import PackSet

BATCH = 200
# What has numbers of its own, and the columns that have them.
_COUNTED: Mapping[str, str] = MappingProxyType({"person": "id", "employer": "id"})


def is_seeded(session: Session) -> bool:
    """Return whether anybody is registered yet."""
    return session.scalar(select(Person.id).limit(1)) is not None


def seed(
    session: Session,
    plan: Plan,
    folder: Path,
    *,
    at: datetime,
    progress: Callable[[int, int], None] = lambda _made, _people: None,
) -> int:
    """Make everything of a plan and return how many people there are; the caller commits.

    All of it in one transaction: whatever ends it half-way leaves the office as empty as it was.
    """
    packs = load_packs()
    load_regions(session, hosted=REGIONS)
    session.execute(insert(Agency), make_agencies())
    session.execute(insert(Campaign), make_campaigns(plan, packs))
    employers = make_employers(plan, _next_id(session, Employer.id), at)
    session.execute(insert(Employer), employers)
    let_find_employers(session)
    first_person = _next_id(session, Person.id)
    made, recipients = 0, count()
    for batch in _batches(make_people(plan, first_person, at)):
        insert_people(session, [person.row for person in batch])
        for table, rows in _rows_of(batch, plan, packs, employers, recipients, at).items():
            session.execute(insert(table.__table__), rows)  # type: ignore[attr-defined]
        claim_enrolments(session, among(Enrolment.person_id, (each.row["id"] for each in batch)))
        _keep_counting(session)
        made += len(batch)
        progress(made, plan.people)
    _keep_counting(session, {"account_entry": "entry_number"})
    make_sign_ins(session, first_person, folder, at)
    owned = make_mandates(session, employers, first_person, on=plan.on, at=at)
    make_levies(session, plan, packs, owned, first_person, at)
    make_open_hires(session, plan, owned, first_person, at)
    make_assessments(session, plan, packs, owned, first_person, at)
    _keep_counting(session)
    return plan.people


def _rows_of(
    people: list[MadePerson],
    plan: Plan,
    packs: PackSet,
    employers: list[dict[str, Any]],
    recipients: Iterator[int],
    at: datetime,
) -> dict[type, list[dict[str, Any]]]:
    """Return what is recorded of some people, by table; only tables with rows."""
    rows: dict[type, list[dict[str, Any]]] = {}
    for person in people:
        if person.kind is Kind.RECIPIENT:
            benefit, signs, months = make_benefit(plan, person, next(recipients), at)
            rows.setdefault(Benefit, []).append(benefit)
            rows.setdefault(BenefitEntry, []).extend(months)
            rows.setdefault(LifeSign, []).extend(signs)
            continue
        history = make_history(plan, packs, person, employers, at)
        rows.setdefault(Employment, []).extend(history.employment)
        rows.setdefault(Enrolment, []).extend(history.enrolment)
        rows.setdefault(DeclaredBase, []).extend(history.declared_base)
        rows.setdefault(ContributionRecord, []).extend(
            record
            for record in history.contribution_record
            if record["contribution_month"] < plan.levied_months[0]
        )
        rows.setdefault(AccountEntry, []).extend(
            make_entries(plan, packs, person.row["id"], history.contribution_record)
        )
    return {table: made for table, made in rows.items() if made}


def _batches(people: Iterator[MadePerson]) -> Iterator[list[MadePerson]]:
    while batch := list(islice(people, BATCH)):
        yield batch


def _next_id(session: Session, column: Any) -> int:
    return int(session.scalar(select(func.coalesce(func.max(column), 0))) or 0) + 1


def _keep_counting(session: Session, counted: Mapping[str, str] = _COUNTED) -> None:
    """Tell PostgreSQL where its own numbers go on, since these rows brought theirs."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table, column in counted.items():
        sequence = f"pg_get_serial_sequence('{table}', '{column}')"
        session.execute(text(f"SELECT setval({sequence}, max({column})) FROM {table}"))  # noqa: S608 - fixed names
