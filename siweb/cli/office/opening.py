"""siweb init: open an office in an empty database."""

from collections.abc import Iterable

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.audit.record import record_activity
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.credentials.second_factor.set_up_code import LASTS, issue_set_up_code
from siweb.auth.staff.appoint import FEWEST_ADMINISTRATORS, appoint
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import number_of
from siweb.cli.settings import command_sessions, command_settings, require_current_schema
from siweb.db.reference_code import grouped
from siweb.ledgers.tables.contribution_record import hold_records_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.open_region import RegionRefused, open_region
from siweb.registry.regions.shown_office import OfficeRefused, require_phone
from siweb.registry.register_person import PersonRefused, register_person
from siweb.registry.tables.office import Office
from siweb.rules.identifiers.identity_number import IdentityNumber

assert schema.metadata.tables
REFUSALS = {
    "no_pack": "There is no parameter pack for this region: write one (siweb packs skeleton) "
    "and import it (siweb packs import).",
    "unknown_region": "This is no region's code (six digits, GB/T 2260).",
    "not_open": "This office does not work for that region: siweb region open.",
}


@click.command("init")
@click.option("--region", prompt="Region (six digits)")
@click.option("--name", prompt="Name of the office in Chinese")
@click.option("--name-en", prompt="Name in English")
@click.option(
    "--phone",
    default="",
    callback=lambda _context, _option, phone: _dialled(phone),
    help="The number that people call; siweb office set changes it.",
)
@click.option(
    "--administrators",
    help="Two people: NUMBER NAME, NUMBER NAME; asked for one by one if left out.",
)
@click.option(
    "--mixed-functions",
    is_flag=True,
    help="Let one person hold functions of several groups, as a small office has to.",
)
def init(
    region: str,
    name: str,
    name_en: str,
    *,
    phone: str,
    administrators: str | None,
    mixed_functions: bool,
) -> None:
    """Open an office: its first region and the two people who administer it.

    Everything else is done by them: agencies, staff, campaigns. Whoever made it first is not asked
    again: an office is opened once.
    """
    settings = command_settings()
    require_current_schema(settings)
    people = _administrators(administrators)
    with command_sessions()() as session:
        if session.scalar(select(Office.id)) is not None:
            raise click.ClickException("This office is open already; nothing was changed.")
        at = clock.now()
        office = Office(
            name_zh=name,
            name_en=name_en,
            phone=phone,
            mixes_functions=mixed_functions,
            opened_at=at,
        )
        session.add(office)
        session.flush()
        facts = {"region": region, "mixes_functions": mixed_functions}
        record_activity(
            session, "office.opened", actor=COMMAND, at=at, subject=("office", 1), facts=facts
        )
        packs = packs_in_force(session)
        try:
            open_region(session, region, packs=packs, actor=COMMAND, at=at)
        except RegionRefused as refused:
            raise click.UsageError(REFUSALS[refused.code]) from refused
        hold_records_of(session.connection(), region)
        codes = [
            (full_name, *_appointed(session, number, full_name, region, settings.signing_key()))
            for number, full_name in people
        ]
        session.commit()
    click.echo(f"{name} is open for {region}. Hand these codes over with the ID card shown:")
    _print_codes(codes)


def _dialled(phone: str) -> str:
    try:
        require_phone(phone)
    except OfficeRefused:
        raise click.BadParameter("Write digits, such as 021-12345678.") from None
    return phone


def _print_codes(codes: Iterable[tuple[str, str, str]]) -> None:
    for full_name, code, _set_up in codes:
        click.echo(f"  {full_name}: {code} (works once, for 30 days, at /activate)")
    # Apart from each other: whoever finds one paper alone does not come in with it.
    click.echo("And these, on a paper of their own, to set up the second factor:")
    for full_name, _code, set_up in codes:
        click.echo(f"  {full_name}: {grouped(set_up)} (works once, for {LASTS.days} days)")


def _appointed(
    session: Session, number: IdentityNumber, name: str, region: str, key: str
) -> tuple[str, str]:
    """Register somebody and let them administer the office.

    Return the code that opens their account, and that of their second factor.
    """
    at = clock.now()
    try:
        person = register_person(session, number, name, region, actor=COMMAND, at=at)
    except PersonRefused as refused:
        raise click.UsageError(
            "Somebody with this ID number is registered here already."
        ) from refused
    appoint(
        session,
        person.id,
        Function.ADMINISTRATION,
        None,
        makers=(None, None),
        mixes=False,
        on=clock.today(),
        at=at,
    )
    opens = issue_activation_code(session, person.id, key=key, at=at, actor=COMMAND)
    # Nobody administers yet who could give it.
    return opens, issue_set_up_code(session, person.id, key=key, at=at, actor=COMMAND)


def _administrators(given: str | None) -> list[tuple[IdentityNumber, str]]:
    """Return two people: a change of staff needs two, and so does the first one."""
    if given:
        parts = [person.split(maxsplit=1) for person in given.split(",")]
        if any(len(part) != 2 for part in parts):  # noqa: PLR2004 - a number and a name
            raise click.UsageError("Give --administrators as NUMBER NAME, NUMBER NAME.")
        people = [(number_of(number), name.strip()) for number, name in parts]
    else:
        people = []
        for place in ("first", "second"):
            number = number_of(click.prompt(f"ID number of the {place} administrator"))
            people.append((number, click.prompt("Name as on the ID card")))
    if len({number.number for number, _name in people}) != FEWEST_ADMINISTRATORS:
        raise click.UsageError(
            "An office is opened with two administrators: one alone could appoint nobody."
        )
    return people
