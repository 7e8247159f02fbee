"""siweb region and siweb agency: where this office works, and who runs which insurances there."""

import click

from siweb import clock, schema
from siweb.auth.tables.appointment import Function
from siweb.cli.office.opening import REFUSALS
from siweb.cli.office.operator import because_of, operator_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.desk.checking.sentences import why
from siweb.desk.staff.agencies.actions import AGENCY_INSURANCES, propose_insurances
from siweb.ledgers.tables.contribution_record import hold_records_of
from siweb.registry.codes import AgencyKind, Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.regions.open_region import (
    AgencyFacts,
    RegionRefused,
    name_agency,
    open_region,
)
from siweb.rules.errors import Refusal
from siweb.tasks.two_person_action import Doing
from siweb.web.language.locale import office_language

assert schema.metadata.tables


@click.group("region")
def region() -> None:
    """List the regions that this office works for, or open another one."""


@region.command("list")
def list_regions() -> None:
    """List the regions that this office works for."""
    with command_sessions()() as session:
        for found in hosted_regions(session):
            click.echo(f"{found.code} {found.name_zh} {found.name_en}")


@region.command("open")
@click.argument("code")
@with_operator
def open_one(code: str, operator: str) -> None:
    """Open a region, CODE, that a parameter pack gives figures for."""
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=None)
        packs = packs_in_force(session)
        try:
            found = open_region(session, code, packs=packs, actor=actor, at=clock.now())
        except RegionRefused as refused:
            raise click.UsageError(REFUSALS[refused.code]) from refused
        hold_records_of(session.connection(), found.code)
        session.commit()
        click.echo(f"{found.code} {found.name_zh} is open.")


@click.command("agency")
@click.argument("region_code")
@click.argument("kind", type=click.Choice([kind.value for kind in AgencyKind]))
@click.option("--name", "name_zh", required=True, help="Its name in Chinese.")
@click.option("--name-en", required=True, help="Its name in English.")
@click.option("--address", "address_zh", required=True, help="Its address in Chinese.")
@click.option("--address-en", required=True, help="Its address in English.")
@click.option("--phone", required=True, help="The number that people call.")
@click.option("--hours", default="", help="When its counters are open.")
@click.option(
    "--runs",
    multiple=True,
    type=click.Choice([insurance.value for insurance in Insurance]),
    help="An insurance it runs, given again for each; another administrator checks it.",
)
@click.option("--because", default="", help="What that rests on: the paper, its number and date.")
@with_operator
def agency(
    region_code: str,
    kind: str,
    *,
    hours: str,
    runs: tuple[str, ...],
    because: str,
    operator: str,
    **words: str,
) -> None:
    """Name the agency that runs a KIND of insurances in a region; again changes what it says.

    Its staff act on every insurance of the region unless --runs names some.
    """
    rests_on = because_of(because, "Say in --because what it rests on") if runs else ""
    click.get_current_context().with_resource(office_language("en"))
    facts = AgencyFacts(hours=hours, **words)
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=region_code)
        try:
            found = name_agency(
                session, region_code, AgencyKind(kind), facts, actor=actor, at=clock.now()
            )
        except RegionRefused as refused:
            raise click.UsageError(REFUSALS[refused.code]) from refused
        waits = ""
        if runs:
            doing = Doing(actor, clock.now(), packs_in_force(session))
            try:
                task = propose_insurances(session, found, runs, rests_on, doing)
            except Refusal as refused:
                raise click.ClickException(why(refused, AGENCY_INSURANCES)) from refused
            waits = f" Waits for a second administrator: siweb tasks approve {task.reference}"
        session.commit()
        click.echo(f"Agency {found.id}: {found.name_zh}.{waits}")
