"""What commands do with the activity log's chain: seal what they wrote, note its head."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from siweb import clock
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.head import Head, current_head, note_head
from siweb.audit.chain.seal import OtherKey
from siweb.audit.chain.sealer import Sealer
from siweb.db.engine import READ_ONLY, make_sessions
from siweb.secret_keys import SecretFault
from siweb.settings import Settings

_HEADS = "heads"


def sealer_of(settings: Settings, engine: Engine) -> Sealer:
    """Return the sealer of an office."""
    return Sealer(engine, ChainKeys(settings.chain_keys()))


def seal_at_the_end(settings: Settings, engine: Engine) -> None:
    """Seal what this command writes when it ends, so that it waits for no worker."""
    click.get_current_context().call_on_close(partial(_seal, settings, engine))


def seal_now(settings: Settings, engine: Engine, *, begins_anew: bool = False) -> int:
    """Seal everything that waits and return how many lines.

    :raises click.ClickException: when the chain is under a key that is not here.
    """
    try:
        return sealer_of(settings, engine).seal(waits=True, begins_anew=begins_anew)
    except OtherKey as error:
        raise click.ClickException(
            f"The activity log is not sealed: its chain is under the key {error}, which is not "
            "here. Add it to SIWEB_CHAIN_KEY after the present one, or run siweb seal --new-key "
            "if it is lost."
        ) from error


def heads_file(settings: Settings) -> Path:
    """Return where the heads are noted: as the operator says, else in var_dir."""
    return Path(settings.heads_file) if settings.heads_file else settings.var_dir / _HEADS


def read_head(engine: Engine) -> Head | None:
    """Return the head of the chain now."""
    with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
        return current_head(session)


def show_head(settings: Settings, engine: Engine) -> None:
    """Print the head for people to note, and note it in its file.

    :raises click.ClickException: when the file cannot be written.
    """
    head = read_head(engine)
    if head is None:
        return
    click.echo(f"Head of the activity log: {head}")
    file = heads_file(settings)
    try:
        note_head(head, clock.today().isoformat(), file)
    except OSError as error:
        raise click.ClickException(
            f"The head could not be noted in {file}: {error.strerror}. Note it by hand."
        ) from error


def _seal(settings: Settings, engine: Engine) -> None:
    # Whatever stands in the way has ended the command already, or siweb check names it.
    with suppress(SQLAlchemyError, OSError, OtherKey, SecretFault):
        sealer_of(settings, engine).seal()
