"""What a load balancer asks before it sends visitors: looked at anew every few seconds."""

import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from flask import Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from siweb.web.database import database
from siweb.web.serving.readiness import OK, readiness

# Anybody may ask: so often at most are database and disk looked at.
_KEPT_SECONDS = 2.0


class Readiness:
    """What was found last, and when."""

    def __init__(self) -> None:
        self._probes: dict[str, tuple[Callable[[], bool], str]] = {}
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._until = 0.0

    def also(self, name: str, works: Callable[[], bool], wrong: str = "cannot be written") -> None:
        """Let a room above have something of its own looked at, with a word for what is wrong."""
        self._probes[name] = works, wrong

    def current(self, app: Flask) -> dict[str, str]:
        """Return what is found now, or was a moment ago."""
        # Whoever asks while it is being looked at waits, and gets what is found then.
        with self._lock:
            if time.monotonic() >= self._until:
                var_dir = app.extensions["siweb_settings"].var_dir
                self._found = readiness(database(app).engine, var_dir) | {
                    name: OK if works() else wrong for name, (works, wrong) in self._probes.items()
                }
                self._until = time.monotonic() + _KEPT_SECONDS
            return self._found


def install(app: Flask) -> None:
    """Keep what was found."""
    app.extensions["siweb_readiness"] = Readiness()


def readiness_of(app: Flask) -> Readiness:
    """Return what looks for an app."""
    return cast("Readiness", app.extensions["siweb_readiness"])


def ready_words(app: Flask) -> dict[str, str]:
    """Return what was looked at, each "ok" or a word for what is wrong."""
    return readiness_of(app).current(app)


def show_readiness() -> ResponseReturnValue:
    """Answer 200 when the office can work, 503 when it cannot, each with what was looked at."""
    found = ready_words(current_app)
    is_ready = all(state == OK for state in found.values())
    return jsonify(found), HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
