"""The sealer: seals what was written, twice a second, beside the work of its process."""

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from siweb import clock
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.seal import LINES_A_PIECE, PROMISE, OtherKey, is_waiting, seal_lines
from siweb.db.engine import READ_ONLY, make_sessions

log = logging.getLogger("siweb.audit")
# A quarter of what is promised: a line that has just been missed is still in time.
PAUSE_SECONDS = PROMISE.total_seconds() / 4
# A database that is away is asked less often.
_PAUSE_AFTER_FAILURE = 5.0


class Sealer:
    """Seals the activity log of one database; any number of them may be at work."""

    def __init__(self, engine: Engine, keys: ChainKeys) -> None:
        self.keys = keys
        self._writers = make_sessions(engine)
        self._readers = make_sessions(engine.execution_options(**{READ_ONLY: True}))

    def seal(self, *, waits: bool = False, begins_anew: bool = False) -> int:
        """Seal everything that waits and return how many lines; see `seal_lines`.

        :raises OtherKey: as `seal_lines` does.
        """
        total = 0
        while self._is_waiting():
            with self._writers.begin() as session:
                sealed = seal_lines(
                    session, self.keys, at=clock.now(), waits=waits, begins_anew=begins_anew
                )
            total += sealed
            if sealed < LINES_A_PIECE:
                break
        return total

    def run(self, stop: threading.Event) -> None:
        """Seal until `stop` is set, or until somebody with another key has sealed."""
        pause = PAUSE_SECONDS
        while not stop.wait(pause):
            try:
                self.seal()
                pause = PAUSE_SECONDS
            except OtherKey as error:
                log.error("the chain of the activity log is under the key %s, not this one", error)  # noqa: TRY400
                return
            except SQLAlchemyError as error:
                # What waits is still there; the next look finds it.
                log.warning("the activity log is sealed later: %s", type(error).__name__)
                pause = _PAUSE_AFTER_FAILURE

    def _is_waiting(self) -> bool:
        # Looked at first as a reader: on SQLite a writer would queue for the lock.
        with self._readers() as session:
            return is_waiting(session)


def start_sealing(sealer: Sealer, stop: threading.Event) -> threading.Thread:
    """Let a thread of this process seal until `stop` is set; it ends with the process."""
    thread = threading.Thread(target=sealer.run, args=(stop,), name="sealer", daemon=True)
    thread.start()
    return thread
