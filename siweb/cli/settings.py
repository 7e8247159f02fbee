"""Settings for a command: a wrong one ends it with the sentence that names it."""

import click

from siweb.settings import SettingError, Settings


def command_settings() -> Settings:
    """Return the settings.

    :raises click.ClickException: with the setting's name and what is wrong with it.
    """
    try:
        return Settings.load()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
