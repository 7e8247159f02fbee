"""siweb employer: register an employer that comes to the counter with its licence."""

from datetime import date, datetime

import click

from siweb import clock, schema
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import operator_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.filings.employers.labels import EMPLOYER_KINDS
from siweb.registry.employers.change import AlreadyRegistered, register_employer
from siweb.registry.employers.industries import Industry, read_industries
from siweb.registry.regions.hosted import hosted_regions
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.typed_text import normalise_text
from siweb.rules.identifiers.uscc import parse_uscc

assert schema.metadata.tables
_CLASSES = click.IntRange(1, 8)


def _uscc(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    try:
        return parse_uscc(typed).number
    except NumberRefused as refused:
        raise click.BadParameter(f"This is no social credit code: {refused.reason}.") from refused


def _industry(_context: click.Context, _option: click.Parameter, typed: str) -> Industry:
    found = read_industries().get(typed.upper())
    if found is None:
        raise click.BadParameter("This is no division of GB/T 4754, such as I65.")
    return found


def _name(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    name = normalise_text(typed)
    if not 0 < len(name) <= 200:  # noqa: PLR2004 - the register's column
        raise click.BadParameter("A name has 1 to 200 characters.")
    return name


def _established(_context: click.Context, _option: click.Parameter, typed: datetime) -> date:
    if typed.date() > clock.today():
        raise click.BadParameter("This date lies in the future.")
    return typed.date()


@click.command("employer")
@click.option("--uscc", prompt=True, callback=_uscc, help="Unified social credit code.")
@click.option("--name", prompt=True, callback=_name, help="As on the licence.")
@click.option("--region", "region_code", required=True, help="Where it insures its people.")
@click.option("--kind", type=click.Choice(list(EMPLOYER_KINDS)), default="enterprise")
@click.option("--industry", required=True, callback=_industry, help="Division of GB/T 4754: I65.")
@click.option("--injury-class", type=_CLASSES, help="1 to 8; the industry's if left out.")
@click.option(
    "--established",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_established,
    help="As on the licence: 2026-01-31.",
)
@with_operator
def employer(
    uscc: str,
    name: str,
    region_code: str,
    kind: str,
    industry: Industry,
    injury_class: int | None,
    established: date,
    operator: str,
) -> None:
    """Register an employer whose licence was seen: it may file at once (siweb make-owner)."""
    with command_sessions()() as session:
        if region_code not in {region.code for region in hosted_regions(session)}:
            raise click.UsageError("This office does not work for that region: siweb region list.")
        actor = operator_of(session, operator, Function.REGISTRATION, region_code=region_code)
        values = {
            "uscc": uscc,
            "name": name,
            "region_code": region_code,
            "kind": kind,
            "industry_code": industry.code,
            "injury_class": injury_class or industry.injury_class,
            "established_on": established,
            # Whoever registers it has looked at it: nothing waits for the desk.
            "reviewed_on": clock.today(),
        }
        try:
            register_employer(session, values, actor=actor, at=clock.now())
        except AlreadyRegistered as refused:
            raise click.ClickException("An employer with this code is registered.") from refused
        session.commit()
    click.echo(f"Registered {name}. Let somebody own it: siweb make-owner {uscc}")
