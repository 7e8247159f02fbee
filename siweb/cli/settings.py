"""Settings for a command: a wrong one ends it with the sentence that names it."""

import click
from sqlalchemy.orm import Session, sessionmaker

from siweb.collection.payments.allocation_order import in_order_of
from siweb.db.engine import make_engine, make_sessions
from siweb.settings import SettingError, Settings


def command_settings() -> Settings:
    """Return the settings.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        return Settings.load()
    except SettingError as error:
        raise click.ClickException(str(error)) from error


def command_sessions() -> sessionmaker[Session]:
    """Return the sessions of a command, in which money is used as the settings say.

    :raises click.ClickException: as `command_settings` does.
    """
    settings = command_settings()
    try:
        info = in_order_of(settings)
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    return make_sessions(make_engine(settings.engine_url), info)
