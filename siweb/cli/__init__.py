"""The `siweb` command: a noun or a deed, then its options."""

import gc
import os
from importlib import import_module
from typing import Any

import click

from siweb.cli.failures import failures_in_a_sentence
from siweb.cli.variables import FIRST_OFFICE, with_variables

# Where each command is. It is read only when it is asked for: a calculation needs no web server.
COMMANDS = {
    "serve": "siweb.cli.operation.server:serve",
    "demo": "siweb.cli.operation.server:demo",
    "migrate": "siweb.cli.operation.database:migrate",
    "upgrade": "siweb.cli.operation.upgrade:upgrade",
    "db": "siweb.cli.development.db:db",
    "init": "siweb.cli.office.opening:init",
    "office": "siweb.cli.office.shown:office",
    "region": "siweb.cli.office.regions:region",
    "agency": "siweb.cli.office.regions:agency",
    "staff": "siweb.cli.office.staff:staff",
    "tasks": "siweb.cli.office.staff:tasks",
    "operator": "siweb.cli.office.operator_sign_in:operator",
    "campaign": "siweb.cli.office.campaigns:campaign",
    "person": "siweb.cli.office.people:person",
    "employer": "siweb.cli.office.employers:employer",
    "bring-in": "siweb.cli.office.bring_in:bring_in",
    "signs": "siweb.cli.office.signs:signs",
    "issue-code": "siweb.cli.registration.activation_code:issue_code",
    "make-owner": "siweb.cli.registration.owner:make_owner",
    "secrets": "siweb.cli.operation.secret_names:show_secrets",
    "field-key": "siweb.cli.operation.field_key:field_key",
    "seal": "siweb.cli.operation.seal:seal",
    "seed": "siweb.cli.operation.seed:seed",
    "translations": "siweb.cli.development.translations:translations",
    "calc": "siweb.cli.calc:calc",
    "assessments": "siweb.cli.collection.assessments:assessments",
    "day": "siweb.cli.operation.day:day",
    "daily": "siweb.cli.operation.daily:daily",
    "messages": "siweb.cli.operation.messages:messages",
    "work": "siweb.cli.operation.worker:work",
    "check": "siweb.cli.collection.books:check",
    "interest": "siweb.cli.collection.interest:interest",
    "import-statement": "siweb.cli.collection.statements:import_statement",
    "bank-account": "siweb.cli.collection.bank_accounts:bank_account",
    "levy": "siweb.cli.collection.levy:levy",
    "adjust": "siweb.cli.collection.adjust:adjust",
    "export-levy": "siweb.cli.collection.tax_office:export_levy",
    "close-day": "siweb.cli.collection.payments:close_day",
    "packs": "siweb.cli.packs.commands:packs",
    "verify": "siweb.cli.operation.verify:verify",
    "backup": "siweb.cli.operation.backup:backup",
    "install-service": "siweb.cli.operation.install_service:install_service",
    "doctor": "siweb.cli.operation.doctor:doctor",
    "papers": "siweb.cli.office.papers:papers",
    "restore": "siweb.cli.operation.restore:restore",
    "bench": "siweb.cli.development.bench:bench",
}


# What group and others may do with a new file: nothing.
_OTHERS = 0o077


class Office(click.Group):
    """The group of all commands, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names for the help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        # All that a command imports stays: looking through it for what can go, again and again
        # while it comes in, takes a fifth of the time until the command begins.
        gc.disable()
        try:
            command: click.Command = getattr(import_module(module), name)
        finally:
            gc.enable()
        return with_variables(cmd_name, command) if cmd_name in FIRST_OFFICE else command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for; what it writes is its owner's alone.

        A database holds people's records, whatever the umask of the shell that made it: servers and
        workers that a command starts inherit this one.
        """
        before = os.umask(_OTHERS)
        try:
            with failures_in_a_sentence():
                return super().invoke(ctx)
        finally:
            os.umask(before)


@click.group(cls=Office)
@click.version_option(package_name="siweb")
def main() -> None:
    """Run a social-insurance office."""
