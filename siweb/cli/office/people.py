"""siweb person: register a person whom no employer has declared."""

import click

from siweb import clock, schema
from siweb.auth.credentials.activate import issue_activation_code
from siweb.auth.tables.appointment import Function
from siweb.cli.office.operator import number_of, operator_of, with_operator
from siweb.cli.settings import command_sessions, command_settings
from siweb.registry.codes import RetirementCategory
from siweb.registry.register_person import PersonRefused, register_person
from siweb.registry.tables.region import Region

assert schema.metadata.tables


@click.command("person")
@click.option("--id-number", prompt=True, help="As on the ID card; asked for if left out.")
@click.option("--name", prompt=True, help="As on the ID card.")
@click.option("--region", "region_code", required=True, help="Where the person is insured.")
@click.option(
    "--category",
    type=click.Choice([category.value for category in RetirementCategory]),
    help="Retirement category; by the number's sex if left out.",
)
@with_operator
def person(
    id_number: str, name: str, region_code: str, category: str | None, operator: str
) -> None:
    """Register a person and print the code that opens the account."""
    settings = command_settings()
    with command_sessions()() as session:
        # Whoever is to be appointed is registered first, perhaps before anybody registers people.
        actor = operator_of(
            session,
            operator,
            Function.REGISTRATION,
            Function.ADMINISTRATION,
            region_code=region_code,
        )
        region = session.get(Region, region_code)
        if region is None or not region.is_hosted:
            raise click.UsageError("This office does not work for that region: siweb region list.")
        try:
            found = register_person(
                session,
                number_of(id_number),
                name,
                region_code,
                category=None if category is None else RetirementCategory(category),
                actor=actor,
                at=clock.now(),
            )
        except PersonRefused as refused:
            raise click.ClickException("Somebody with this number is registered.") from refused
        code = issue_activation_code(
            session, found.id, key=settings.signing_key(), at=clock.now(), actor=actor
        )
        session.commit()
    click.echo(f"Registered. Activation code: {code} (works once, for 30 days, at /activate)")
