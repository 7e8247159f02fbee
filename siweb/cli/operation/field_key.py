"""siweb field-key: another key for what is sealed field by field, while the office runs."""

import secrets
import time
from collections.abc import Iterator

import click

from siweb import clock
from siweb.cli.counted import counted
from siweb.cli.settings import command_files, command_settings, require_current_schema
from siweb.db.engine import make_engine
from siweb.db.migrations.one_version import write_at_own_version
from siweb.db.sealing.field_keys import KEY_SECONDS, field_keys
from siweb.registry.number_keys import hold_number_keys
from siweb.reseal.tables import reseal_column, sealed_columns
from siweb.secret_keys import FIELD, Secret, make_secret, read_secret, replace_secret
from siweb.settings import Settings

# Half as long again as the processes of the office take to know the new key.
_WAIT_SECONDS = KEY_SECONDS * 1.5


@click.group("field-key")
def field_key() -> None:
    """Change the key that seals ID numbers, bank cards, second factors, lists and scans."""


@field_key.command()
@click.option("--again", is_flag=True, help="Make no new key: go on where it was interrupted.")
def rotate(again: bool) -> None:
    """Make a new field key, and seal everything anew with it while the office runs.

    The old one stays after it, for backups of before, until siweb field-key forget-old.
    """
    settings = _settings()
    if not again:
        _require_file(settings)
        kept = read_secret(FIELD, settings.secrets_folder)
        replace_secret(FIELD, settings.secrets_folder, f"{secrets.token_urlsafe(48)},{kept}")
        hold_number_keys(settings)
        click.echo("A new key stands before the old one. Waiting until all of the office know it.")
        time.sleep(_WAIT_SECONDS)
    for name, number in _reseal(settings):
        click.echo(f"{name}: {number} sealed anew")
    click.echo(
        "Everything is under the new key. Back the file field_key up; backups of before need the "
        "old one, which stands in it until siweb field-key forget-old."
    )


@field_key.command("forget-old")
def forget_old() -> None:
    """Move the old keys out of the office's file, once nothing lies under them any more.

    Keep the file that they go into with the backups of before, and away from this machine.
    """
    settings = _settings()
    _require_file(settings)
    newest, *old = read_secret(FIELD, settings.secrets_folder).replace(",", " ").split()
    if not old:
        click.echo("There is one key alone: nothing to forget.")
        return
    if left := sum(number for _name, number in _reseal(settings)):
        click.echo(f"{counted(left, 'value')} still lay under an old key and is sealed anew.")
    apart = f"{FIELD.name}.before-{clock.today()}"
    file = settings.secrets_folder / apart
    if file.exists():
        raise click.ClickException(f"{file} is there already: move it to where backups are kept.")
    # First: the old keys lie on the disk before they leave the office's own file.
    make_secret(Secret(apart, "old field keys"), settings.secrets_folder, lambda: ",".join(old))
    replace_secret(FIELD, settings.secrets_folder, newest)
    click.echo(f"The old keys stand in {file}: move it to where the backups of before are kept.")


def _settings() -> Settings:
    settings = command_settings()
    require_current_schema(settings)
    return settings


def _require_file(settings: Settings) -> None:
    """Stop where the key is not this command's to change.

    :raises click.ClickException: saying how it is changed there.
    """
    if settings.given_secret(FIELD):
        raise click.ClickException(
            "The field key comes from outside (SIWEB_FIELD_KEY): put a new one before it there, "
            "comma between, start server and worker anew, and run siweb field-key rotate --again. "
            "Once nothing was sealed anew there twice, take the old one out."
        )


def _reseal(settings: Settings) -> Iterator[tuple[str, int]]:
    engine = make_engine(settings.engine_url)
    write_at_own_version(engine)
    try:
        for column in sealed_columns():
            if number := reseal_column(engine, column, field_keys()):
                yield column.name, number
    finally:
        engine.dispose()
    if number := command_files(settings).reseal():
        yield "files", number
