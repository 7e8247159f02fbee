"""What `siweb check` says of the activity log: its lines, its chain, the heads noted elsewhere."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import Engine

from siweb import clock
from siweb.audit.chain.head import Head, noted_heads, unlike_heads
from siweb.audit.chain.prove import chain_faults
from siweb.audit.chain.seal import PROMISE, OtherKey, late_lines
from siweb.audit.chain.sealer import Sealer
from siweb.cli.counted import counted
from siweb.cli.sealing import heads_file, sealer_of
from siweb.db.engine import READ_ONLY, make_sessions
from siweb.settings import Settings

# Whoever seals gets its time: a line of a long transaction is late the moment it is there.
_wait = threading.Event().wait


def log_findings(settings: Settings, engine: Engine, heads: Sequence[Head]) -> Iterator[str]:
    """Yield what is wrong with the activity log; seal what waits before it is looked at.

    `heads` are compared with the chain, beside those of the file in which the office notes them.
    """
    sealer = sealer_of(settings, engine)
    yield from _late(engine)
    yield from _sealed(sealer)
    with make_sessions(engine.execution_options(**{READ_ONLY: True}))() as session:
        yield from chain_faults(session, sealer.keys)
        noted, faults = _noted(settings)
        yield from faults
        yield from unlike_heads(session, [*heads, *noted])


def _late(engine: Engine) -> Iterator[str]:
    readers = make_sessions(engine.execution_options(**{READ_ONLY: True}))
    before = clock.now() - PROMISE
    with readers() as session:
        if late_lines(session, written_before=before) is None:
            return
    _wait(PROMISE.total_seconds())
    with readers() as session:
        late = late_lines(session, written_before=before)
    if late is not None:
        yield (
            f"activity: {counted(late.lines, 'line')} waited for a seal since "
            f"{late.since:%Y-%m-%d %H:%M:%S} UTC, longer than {PROMISE.seconds} seconds: "
            "does siweb work run?"
        )


def _sealed(sealer: Sealer) -> Iterator[str]:
    try:
        sealer.seal(waits=True)
    except OtherKey as error:
        yield (
            f"activity: nothing is sealed, since the chain is under the key {error}, which is not "
            "here; see siweb seal --help"
        )


def _noted(settings: Settings) -> tuple[list[Head], list[str]]:
    file: Path = heads_file(settings)
    if not file.exists():
        # Nobody has noted one yet, or whoever cut the log took the file with it.
        missing = f"activity: the file of noted heads, {file}, is not there"
        return [], [missing] if settings.heads_file else []
    try:
        heads = noted_heads(file)
    except ValueError as error:
        return [], [f"activity: {file} has a line that is no head: {error}"]
    positions = [head.position for head in heads]
    swapped = f"activity: the heads in {file} are not in their order"
    return heads, [swapped] if positions != sorted(positions) else []
