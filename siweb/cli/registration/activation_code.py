"""siweb issue-code: an activation code for a person who opens an account or forgot the password."""

import click
from sqlalchemy import select

from siweb import clock
from siweb.audit.actor import COMMAND
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import maker_of, refuse_own_matter, with_operator
from siweb.cli.settings import command_sessions, command_settings
from siweb.registry.tables.person import Person
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number


@click.command("issue-code")
@click.option(
    "--id-number", prompt=True, help="The person's citizen ID number; asked for if left out."
)
@with_operator
def issue_code(id_number: str, operator: str) -> None:
    """Print an activation code to hand over with the ID card shown."""
    settings = command_settings()
    try:
        number = parse_identity_number(id_number).number
    except NumberRefused as refused:
        raise click.UsageError(f"This is not an ID number: {refused.reason}.") from refused
    with command_sessions()() as session:
        asked = select(Person.id, Person.region_code).where(Person.id_number == number)
        person = session.execute(asked).first()
        if person is None:
            raise click.UsageError("No person with this ID number is registered here.")
        functions = (Function.REGISTRATION, Function.ADMINISTRATION)
        maker = maker_of(session, operator, *functions, region_code=person.region_code)
        # A code opens the account anew: at the counter, too, a colleague gives it.
        refuse_own_matter(session, maker, person_id=person.id)
        code = issue_activation_code(
            session,
            person.id,
            key=settings.signing_key(),
            at=clock.now(),
            actor=maker or COMMAND,
        )
        session.commit()
    click.echo(f"Activation code: {code} (works once, for 30 days)")
