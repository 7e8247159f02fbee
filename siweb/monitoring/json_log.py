"""The office's log as lines of JSON, for programs that gather logs; and what never stands in it."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from siweb.db.reference_code import grouped, new_reference
from siweb.monitoring.counts import route, seconds_so_far, statements_so_far
from siweb.settings import Settings

log = logging.getLogger("siweb.requests")
# ID numbers of eighteen and fifteen digits, and mobile numbers. No line is meant to carry any: this
# is for the library or the driver that quotes one after all.
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{15}|1[3-9]\d{9})(?![0-9A-Za-z])")
_FACTS = "facts"


def request_reference() -> str:
    """Return by what this request is found in the log: a failure shows it as its case reference."""
    if "reference" not in g:
        g.reference = grouped(new_reference())
    return str(g.reference)


class JsonLines(logging.Formatter):
    """A line of JSON for each record: when, how grave, from where, in which request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; whatever looks like a number of a person is taken out."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage(),
        }
        if has_request_context():
            line |= {"request": request_reference(), "route": route()}
        if record.exc_info and record.exc_info[0] is not None:
            # The kind alone: messages of errors quote what a person typed.
            line["error"] = record.exc_info[0].__name__
        line |= getattr(record, _FACTS, {})
        return _NUMBERS.sub("…", json.dumps(line, ensure_ascii=False))


def json_handler() -> logging.Handler:
    """Return what writes the lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    return handler


# For the server's own sentences, which it sets up by itself.
SERVER_LOG = {
    "handlers": {
        name: {"()": "siweb.monitoring.json_log.json_handler"} for name in ("console", "access")
    }
}


def write_lines(settings: Settings) -> None:
    """Let this process write its log as the settings say."""
    if settings.log_format == "json":
        # Whatever library writes something: a line that is not JSON breaks a reader of lines.
        logging.basicConfig(level=logging.INFO, handlers=[json_handler()], force=True)


def install(app: Flask, settings: Settings) -> None:
    """Give every answer its reference, and with JSON every request its line."""
    tells = settings.log_format == "json"

    def tell(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_reference()
        if tells:
            # Neither the address nor who asked: a reference in a path opens somebody's case.
            facts = {
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round(seconds_so_far() * 1_000, 1),
                "statements": statements_so_far(),
            }
            log.info("answered", extra={_FACTS: facts})
        return response

    app.after_request(tell)
