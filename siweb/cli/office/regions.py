"""siweb region and siweb agency: where this office works, and who runs which insurances there."""

import click

from siweb import clock, schema
from siweb.auth.tables.appointment import Function
from siweb.cli.office.opening import REFUSALS
from siweb.cli.office.operator import operator_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.ledgers.tables.contribution_record import hold_records_of
from siweb.registry.codes import AgencyKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.hosted import hosted_regions
from siweb.registry.regions.open_region import (
    AgencyFacts,
    RegionRefused,
    name_agency,
    open_region,
)

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
@click.option("--name", required=True, help="Its name in Chinese.")
@click.option("--name-en", required=True, help="Its name in English.")
@click.option("--address", required=True, help="Its address in Chinese.")
@click.option("--address-en", required=True, help="Its address in English.")
@click.option("--phone", required=True, help="The number that people call.")
@click.option("--hours", default="", help="When its counters are open.")
@with_operator
def agency(
    region_code: str,
    kind: str,
    name: str,
    name_en: str,
    address: str,
    address_en: str,
    phone: str,
    hours: str,
    operator: str,
) -> None:
    """Name the agency that runs a KIND of insurances in a region; again changes what it says."""
    facts = AgencyFacts(name, name_en, address, address_en, phone, hours)
    with command_sessions()() as session:
        actor = operator_of(session, operator, Function.ADMINISTRATION, region_code=region_code)
        try:
            found = name_agency(
                session, region_code, AgencyKind(kind), facts, actor=actor, at=clock.now()
            )
        except RegionRefused as refused:
            raise click.UsageError(REFUSALS[refused.code]) from refused
        session.commit()
        click.echo(f"Agency {found.id}: {found.name_zh}.")
