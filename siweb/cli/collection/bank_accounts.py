"""siweb bank-account: the office's accounts, whose statements are imported."""

import click

from siweb import clock, schema
from siweb.audit.actor import COMMAND
from siweb.auth.tables.appointment import Function
from siweb.cli.collection.statement_tasks import propose_account
from siweb.cli.office.operator import because_of, maker_of, with_operator
from siweb.cli.settings import command_sessions
from siweb.collection.statements.bank_accounts import AccountRefused, add_account, list_accounts
from siweb.collection.statements.labels import REFUSALS
from siweb.registry.tables.region import Region
from siweb.web.language.locale import office_language

assert schema.metadata.tables


@click.group("bank-account")
def bank_account() -> None:
    """Register the office's bank accounts: only their statements are imported."""


@bank_account.command("add")
@click.argument("number")
@click.option("--bank", required=True, help="The bank that keeps the account.")
@click.option("--region", help="Whose money comes there; every region’s if left out.")
@click.option("--because", default="", help="What it rests on: the bank's letter, its number.")
@with_operator
def add(number: str, bank: str, region: str | None, *, because: str, operator: str) -> None:
    """Register account NUMBER, once a second person has checked it (siweb tasks)."""
    click.get_current_context().with_resource(office_language("en"))
    with command_sessions()() as session:
        if region is not None and session.get(Region, region) is None:
            raise click.UsageError("There is no region with this code: siweb region.")
        maker = maker_of(session, operator, Function.FINANCE, region_code=region)
        if maker is not None:
            rests_on = because_of(because, "Say in --because what it rests on")
            given = {"number": number, "bank": bank, "region_code": region}
            propose_account(session, given, rests_on, maker)
            return
        try:
            account = add_account(
                session, number, bank, region_code=region, actor=COMMAND, at=clock.now()
            )
        except AccountRefused as refused:
            raise click.ClickException(str(REFUSALS[refused.code])) from refused
        session.commit()
        click.echo(f"{account.number} is registered.")


@bank_account.command("list")
def show_accounts() -> None:
    """List the accounts."""
    with command_sessions()() as session:
        accounts = list_accounts(session)
    for account in accounts:
        of_region = f"  {account.region_code}" if account.region_code else ""
        click.echo(f"{account.number}  {account.bank}{of_region}")
    if not accounts:
        click.echo("No account is registered.")
