"""siweb assessments: find what nobody declared, and settle what was filed after all."""

from datetime import date
from typing import Any

import click

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.auth.tables.appointment import Function
from siweb.cli.counted import counted
from siweb.cli.office.operator import maker_of, with_operator
from siweb.cli.settings import command_order, command_sessions
from siweb.collection.assessments.settle import settle_all
from siweb.collection.assessments.undeclared.find import find_undeclared
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.calendar.months import parse_month
from siweb.rules.errors import RuleError

assert schema.metadata.tables
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def assessments() -> None:
    """Look after amounts that the agency fixes (Articles 58 and 62)."""


@assessments.command()
@click.option("--region", required=True, help="The region's code.")
@click.option("--month", required=True, help="The contribution month, YYYY-MM.")
@click.option("--on", type=_DAY, help="As of which day; today if not said.")
@with_operator
def find(region: str, month: str, on: Any, operator: str) -> None:
    """Open a case for each employer that declared nothing; run it as often as you like."""
    with command_sessions()() as session:
        try:
            parse_month(month)
            maker = maker_of(session, operator, Function.CONTRIBUTIONS, region_code=region)
            found = find_undeclared(
                session,
                region,
                month,
                packs=packs_in_force(session),
                actor=maker or COMMAND,
                on=_day(on),
                at=clock.now(),
            )
        except RuleError as error:
            raise click.ClickException(str(error)) from None
        session.commit()
    click.echo(
        f"{counted(found.cases, 'case')}, {found.without_last_month} without a last month, "
        f"{counted(found.raised_bases, 'base')} raised."
    )


@assessments.command()
@click.option("--region", required=True, help="The region's code.")
@click.option("--on", type=_DAY, help="As of which day; today if not said.")
def settle(region: str, on: Any) -> None:
    """Settle what a registration or declaration has overtaken; run it once a day."""
    with command_sessions()() as session:
        done = settle_all(
            session,
            region,
            packs=packs_in_force(session),
            actor=COMMAND,
            on=_day(on),
            at=clock.now(),
            order=command_order(),
        )
        session.commit()
    click.echo(f"{done.overtaken} overtaken, {done.settled} settled.")


def _day(on: Any) -> date:
    return on.date() if on is not None else clock.today()
