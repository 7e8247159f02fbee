"""siweb interest."""

from datetime import date
from typing import Any

import click
from sqlalchemy import func, select

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.auth.tables.appointment import Function
from siweb.cli.counted import counted
from siweb.cli.office.operator import maker_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.db.statistics import collect_after
from siweb.ledgers.account.interest_run import (
    InterestRun,
    interest_terms,
    post_interest,
    regions_with_people,
)
from siweb.ledgers.account.settle_inheritance import settle_inheritances
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.rules.errors import RuleError

assert schema.metadata.tables
# Proved by ranges of people: memory stays flat, and progress can be shown.
PEOPLE_A_PIECE = 50_000
# The one with individual accounts that bear interest.
_PENSION = (Insurance.PENSION,)


@click.command()
@click.option("--year", type=int, required=True, help="The calendar year.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of which day; today if not said.")
@with_operator
def interest(year: int, on: Any, operator: str) -> None:
    """Post a year's interest to every account; again, when its rate has been published."""
    day: date = on.date() if on is not None else clock.today()
    if year >= day.year:
        raise click.BadParameter(f"{year} is not over.")
    sessions = command_sessions()
    with sessions() as session:
        last = session.scalar(select(func.max(Person.id))) or 0
        regions = regions_with_people(session)
        # It posts to every account: whoever runs it keeps the accounts of all regions.
        makers = [
            maker_of(session, operator, Function.FINANCE, region_code=each, insurances=_PENSION)
            for each in regions
        ]
        actor = next(iter(makers), None) or COMMAND
        session.commit()
        packs = packs_in_force(session)
        try:
            runs = [InterestRun(r, year, interest_terms(packs, r, year, day)) for r in regions]
        except RuleError as error:
            raise click.ClickException(f"No rate is known for {year}: {error}.") from error
    entries = heirs = 0
    for run in runs:
        for first in range(1, last + 1, PEOPLE_A_PIECE):
            with sessions.begin() as session:
                people = (first, first + PEOPLE_A_PIECE - 1)
                entries += post_interest(session, run, people, day)
        with sessions.begin() as session:
            heirs += settle_inheritances(
                session, run, packs=packs, on=day, actor=actor, at=clock.now()
            )
    with sessions.begin() as session:
        collect_after(session, entries)
    click.echo(f"Posted {counted(entries, 'entry')} of interest for {year}.")
    if heirs:
        click.echo(f"The heirs of {counted(heirs, 'person')} are paid what the settled rate adds.")
