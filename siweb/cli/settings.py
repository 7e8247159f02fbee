"""Settings for a command: a wrong one ends it with the sentence that names it."""

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from siweb import schema
from siweb.audit.access_log.store import AccessLog, open_access_log
from siweb.cli.sealing import seal_at_the_end
from siweb.collection.payments.allocation_order import AllocationOrder, order_of
from siweb.db.engine import make_engine, make_sessions
from siweb.db.migrations.one_version import (
    is_current,
    newest_revision,
    revision_of,
    words_for,
    write_at_own_version,
)
from siweb.documents.proof.journal.line import journal_folder
from siweb.documents.proof.journal.note import hold_journal
from siweb.files.store import FileStore
from siweb.ledgers.seals.seal import SealKey
from siweb.messages.gateways.outbox import Outbox
from siweb.registry.number_keys import hold_number_keys, require_number_keys
from siweb.secret_keys import SEAL
from siweb.settings import SettingError, Settings

# Whatever a command changes, its sessions are watched from here.
assert schema.metadata.tables


def command_settings() -> Settings:
    """Return the settings.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        settings = Settings.load()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    hold_number_keys(settings)
    hold_journal(journal_folder(settings))
    return settings


def require_current_schema(settings: Settings) -> None:
    """Stop a command that needs the tables as they are now, and the keys to read them.

    :raises click.ClickException: naming the command that brings them up.
    :raises SecretFault: when a key is missing.
    """
    engine = make_engine(settings.engine_url)
    try:
        if not is_current(engine):
            raise click.ClickException(words_for(revision_of(engine)))
        require_number_keys(settings, engine)
    finally:
        engine.dispose()


def require_no_later(engine: Engine) -> None:
    """Stop where a later version's tables stand: this one knows no way back from them.

    :raises click.ClickException: saying so.
    """
    revision = revision_of(engine)
    if revision is not None and revision > newest_revision():
        raise click.ClickException(words_for(revision))


def require_public_url(settings: Settings) -> None:
    """Stop an office whose papers would carry whatever address a visitor came by.

    :raises click.ClickException: naming the setting.
    """
    if not settings.public_url and not settings.demo:
        raise click.ClickException(
            "Set SIWEB_PUBLIC_URL to the address people know the office by, such as "
            "https://office.example.org: receipts and QR codes carry it."
        )


def command_sessions() -> sessionmaker[Session]:
    """Return the sessions of a command; what it notes in the activity log is sealed at its end.

    :raises click.ClickException: as `command_settings` does;
        also where the tables are a later version's.
    """
    settings = command_settings()
    engine = make_engine(settings.engine_url)
    require_no_later(engine)
    write_at_own_version(engine)
    seal_at_the_end(settings, engine)
    return make_sessions(engine)


def command_order(settings: Settings | None = None) -> AllocationOrder:
    """Return the order in which a command uses money, as the settings say.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        return order_of(settings or command_settings())
    except SettingError as error:
        raise click.ClickException(str(error)) from error


def command_files(settings: Settings | None = None) -> FileStore:
    """Return where the office's files lie.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        return FileStore.of(settings or command_settings())
    except SettingError as error:
        raise click.ClickException(str(error)) from error


def command_access_log(settings: Settings | None = None) -> AccessLog:
    """Return where a command notes whose data it shows.

    :raises click.ClickException: as `command_settings` does.
    """
    settings = settings or command_settings()
    engine = make_engine(settings.engine_url)
    return open_access_log(engine, make_sessions(engine), settings.var_dir)


def command_outbox(settings: Settings) -> Outbox:
    """Return by what messages leave the office.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        return Outbox.of(settings)
    except SettingError as error:
        raise click.ClickException(str(error)) from error


def command_seal_key(settings: Settings) -> SealKey:
    """Return what the books are sealed with: beside the database, never in it."""
    return SealKey.of(settings.secret(SEAL))
