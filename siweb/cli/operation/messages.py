"""siweb messages."""

import click

from siweb import schema
from siweb.cli.settings import command_outbox, command_sessions, command_settings
from siweb.messages.deliver import count_deliveries

assert schema.metadata.tables


@click.command()
def messages() -> None:
    """Say how e-mails and text messages go out: how many are on their way, went, or failed."""
    outbox = command_outbox(command_settings())
    named = ", ".join(outbox.gateways) or "none: messages are in the inbox alone"
    click.echo(f"Gateways: {named}.")
    with command_sessions()() as session:
        for channel, state, failure, number in count_deliveries(session):
            click.echo(f"{channel} {state}{f' ({failure})' if failure else ''}: {number}")
