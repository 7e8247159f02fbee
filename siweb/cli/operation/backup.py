"""siweb backup: make one, list them, make a key for them."""

import os
from pathlib import Path

import click

from siweb import clock
from siweb.backup.archive import WrongKey, new_key
from siweb.backup.drill import hold_drill
from siweb.backup.make import make_backup
from siweb.backup.manifest import NotABackup
from siweb.backup.prove import prove_backup
from siweb.backup.retention import Kept, backup_folder, backups_in, beyond
from siweb.backup.tables import CannotRestore
from siweb.cli.counted import counted
from siweb.cli.operation.restore import wrong_books
from siweb.cli.settings import command_settings, require_current_schema
from siweb.settings import PREFIX

_OWNER_ONLY = 0o600
_MEGABYTE = 1_000_000


@click.group(invoke_without_command=True)
@click.option("--to", type=click.Path(path_type=Path), help="Folder; else SIWEB_BACKUP_DIR.")
@click.option("--recipient", "recipients", multiple=True, help="Public key to seal it for (age1…).")
@click.option("--with-secrets", is_flag=True, help="Hold the secrets too; only in a sealed one.")
@click.option("--no-verify", is_flag=True, help="Do not restore it and prove its books.")
@click.option(
    "--keep", help="Days, weeks, months of which the newest stays; else SIWEB_BACKUP_KEEP."
)
@click.pass_context
def backup(
    ctx: click.Context,
    to: Path | None,
    recipients: tuple[str, ...],
    with_secrets: bool,
    no_verify: bool,
    keep: str | None,
) -> None:
    """Write a backup of the office as it is at this moment, while it runs.

    It holds the database, and the files of SIWEB_FILES_DIR; an object store keeps its own. It is
    restored here at once, and its books are proved. Older ones are removed by the rule.
    """
    if ctx.invoked_subcommand is not None:
        return
    settings = command_settings()
    require_current_schema(settings)
    sealed_for = recipients or tuple(filter(None, settings.backup_recipient.split(",")))
    if with_secrets and not sealed_for:
        raise click.UsageError(
            "Secrets go into a sealed backup alone: name --recipient, or set "
            f"{PREFIX}BACKUP_RECIPIENT. siweb backup new-key makes a key."
        )
    kept, folder = _kept(keep or settings.backup_keep), to or backup_folder(settings)
    wrong: list[str] = []

    def prove(made: Path) -> None:
        wrong.extend(prove_backup(settings, made, wrong_books))

    try:
        path = make_backup(
            settings,
            folder,
            at=clock.now(),
            recipients=sealed_for,
            with_secrets=with_secrets,
            prove=None if no_verify else prove,
        )
    except (WrongKey, NotABackup, CannotRestore) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{path} ({path.stat().st_size / _MEGABYTE:,.1f} MB)")
    for line in wrong:
        click.echo(line)
    if wrong:
        # Older ones stay: the last whose books balance may be among them.
        raise click.ClickException("It was written, but its books do not balance.")
    _remove_older(folder, kept)
    if not no_verify:
        click.echo("It was restored into an empty folder, and its books balance.")


@backup.command("list")
@click.option("--in", "folder", type=click.Path(path_type=Path), help="Else SIWEB_BACKUP_DIR.")
def list_backups(folder: Path | None) -> None:
    """List the backups, the newest first, with their age."""
    found = backups_in(folder or backup_folder(command_settings()))
    if not found:
        click.echo("There is no backup yet: siweb backup makes one.")
    for each in found:
        hours = int(each.age(clock.now()).total_seconds() // 3600)
        size = each.path.stat().st_size / _MEGABYTE
        click.echo(f"{each.path.name:<34}{counted(hours, 'hour')} old   {size:,.1f} MB")


@backup.command("drill")
@click.option("--in", "folder", type=click.Path(path_type=Path), help="Else SIWEB_BACKUP_DIR.")
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the secret key of sealed backups.",
)
def drill(folder: Path | None, identity: Path | None) -> None:
    """Restore the newest backup from where it lies, prove its books, and note the day.

    Four times a year, with the key from where it is kept: siweb doctor says how long ago it was.
    """
    settings = command_settings()
    found = backups_in(folder or backup_folder(settings))
    if not found:
        raise click.ClickException("There is no backup yet: siweb backup makes one.")
    key = None if identity is None else identity.read_text("ascii")
    path = found[0].path
    try:
        wrong = hold_drill(settings, path, key, wrong_books, at=clock.now())
    except (WrongKey, NotABackup, CannotRestore) as error:
        raise click.ClickException(f"{path.name} was not restored. {error}") from error
    for line in wrong:
        click.echo(line)
    if wrong:
        raise click.ClickException(f"{path.name} was restored, but its books do not balance.")
    click.echo(f"{path.name} was restored, and its books balance.")


@backup.command("new-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def make_key(file: Path) -> None:
    """Write a secret key that opens backups into FILE, and print its public key.

    Keep FILE away from this machine: whoever has it reads the backups, and nobody can without it.
    """
    secret, public = new_key()
    try:
        # Made with its mode: between making it and closing it to others nobody could have read
        # it.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError as error:
        raise click.ClickException(f"{file} is there already: no key is written over.") from error
    with os.fdopen(handle, "w", encoding="ascii") as written:
        written.write(f"{secret}\n")
    click.echo(public)


def _remove_older(folder: Path, kept: Kept) -> None:
    gone = beyond(backups_in(folder), kept)
    for each in gone:
        each.path.unlink()
    if gone:
        click.echo(f"{counted(len(gone), 'older backup')} removed.")


def _kept(text: str) -> Kept:
    try:
        return Kept.read(text)
    except ValueError as error:
        raise click.ClickException(
            f"{text!r} is no rule such as 7,5,12: days, weeks and months, at least one day."
        ) from error
