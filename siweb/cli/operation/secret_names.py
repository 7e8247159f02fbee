"""siweb secrets."""

import click

from siweb.cli.settings import command_settings
from siweb.secret_keys import SECRETS, read_secret, variable_of


@click.command("secrets")
def show_secrets() -> None:
    """Name the office's secrets, what each is for and where it comes from; never what it says.

    Back them up apart from the database: whoever has both has everything.
    """
    settings = command_settings()
    for secret in SECRETS:
        path = settings.secrets_folder / secret.name
        if settings.given_secret(secret):
            place = f"from outside ({variable_of(secret)})"
        elif path.exists():
            read_secret(secret, settings.secrets_folder)
            place = str(path)
        else:
            place = "not made yet"
        click.echo(f"{secret.name}: {secret.purpose}: {place}")
