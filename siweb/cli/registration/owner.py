"""siweb make-owner: the first owner of an employer that an office brought along."""

import click
from sqlalchemy import select

from siweb import clock, schema
from siweb.audit.actor import Actor, Channel
from siweb.auth.credentials.account import account_of
from siweb.auth.mandates import GrantRefused, add_mandate, refuse_staff
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import MandateKind
from siweb.cli.office.operator import maker_of, refuse_own_matter, with_operator
from siweb.cli.settings import command_sessions
from siweb.db.sealing.field_keys import number_digest
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.former_number import person_digested
from siweb.rules.errors import NumberRefused
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.rules.identifiers.uscc import parse_uscc

assert schema.metadata.tables


@click.command("make-owner")
@click.argument("uscc")
@click.option(
    "--id-number", prompt=True, help="The person's citizen ID number; asked for if left out."
)
@with_operator
def make_owner(uscc: str, id_number: str, operator: str) -> None:
    """Let a person with an account own the employer with this social credit code."""
    try:
        code, number = parse_uscc(uscc).number, parse_identity_number(id_number).number
    except NumberRefused as refused:
        raise click.UsageError(f"This is no valid number: {refused.reason}.") from refused
    with command_sessions()() as session:
        asked_employer = select(Employer.id, Employer.region_code).where(Employer.uscc == code)
        employer = session.execute(asked_employer).first()
        asked = account_of(person_digested(number_digest(number)))
        account = session.scalar(asked)
        if employer is None or account is None:
            raise click.UsageError("There is no such employer, or the person has no account.")
        account_id = account.id
        region = employer.region_code
        maker = maker_of(session, operator, Function.REGISTRATION, region_code=region)
        refuse_own_matter(session, maker, person_id=account.person_id, employer_id=employer.id)
        try:
            refuse_staff(session, account.person_id, employer.id, on=clock.today())
        except GrantRefused as refused:
            raise click.UsageError(
                "Who works at the agency acts for none of the employers that it serves."
            ) from refused
        add_mandate(
            session,
            account_id,
            employer.id,
            MandateKind.OWNER,
            actor=Actor(
                None if maker is None else maker.account_id,
                None if maker is None else maker.person_id,
                Channel.COMMAND,
                on_behalf_of_employer_id=employer.id,
            ),
            on=clock.today(),
            at=clock.now(),
        )
        session.commit()
    click.echo("Done. This person owns the employer here and can let others act for it.")
