"""How fast pages are: the record page and a wizard step beside a bare Flask "hello".

All three run in one process, first called directly, then through the server as browsers would.
Short rounds take turns, so that whatever else the machine does meets all of them alike.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask

from siweb import clock
from siweb.app import create_app
from siweb.bench.office import throwaway_office
from siweb.bench.scaled import Scaled, make_scaled
from siweb.bench.visits.beside import BARE, create_beside
from siweb.bench.visits.load import BROWSER, KeptConnection, Load, WrongAnswer, measure, request_of
from siweb.bench.visits.signed_in import STEP, sign_in_employees
from siweb.settings import PREFIX, Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_VISITORS = 200
_START_SECONDS = 30


class Page(NamedTuple):
    """One page: its address and Cookie header for each of many visitors."""

    name: str
    visits: Sequence[tuple[str, str]]


class Speed(NamedTuple):
    """Requests a second, seconds for half and for 95 % of them, and the share of the bare one."""

    name: str
    rate: float
    p50: float
    p95: float
    share: float


class Measured(NamedTuple):
    """What one run found."""

    office: Scaled
    bytes_of_record: int
    in_process: list[Speed]
    # Over kept connections: one process and one visitor at a time, one process and four at once,
    # a process for each core and four visitors for each of them.
    one_visitor: list[Speed]
    four_visitors: list[Speed]
    every_core: list[Speed]


def measure_pages(people: int, *, seconds: float, rounds: int) -> Measured:
    """Measure each page for `seconds` in each of `rounds`, in an office of its own."""
    with throwaway_office(port=_free_port()) as settings:
        office = make_scaled(settings.engine_url, settings.var_dir, people)
        app = create_app(settings)
        pages = _pages(app, f"/record/{office.reviewed_year}")
        both = create_beside(app)
        size = len(answer_of(both, *pages[1].visits[0]))
        in_process = _take_turns(pages, _in_process(both), seconds, rounds)
        app.extensions["siweb_database"].engine.dispose()
        served = []
        cores = os.cpu_count() or 1
        for workers, visitors in ((1, 1), (1, 4), (cores, 4 * cores)):
            with _served(replace(settings, workers=workers)):
                run = _over_http(settings.port, visitors)
                served.append(_take_turns(pages, run, seconds, rounds))
    return Measured(office, size, in_process, *served)


def _pages(app: Flask, record: str) -> list[Page]:
    visitors = sign_in_employees(app, _VISITORS, record, at=clock.now())
    return [
        Page("bare Flask", [(f"{BARE}/", "")]),
        Page("record page", [(record, each.cookie) for each in visitors]),
        Page(
            "wizard step",
            [(f"/reviews/{each.reference}/steps/{STEP}", each.cookie) for each in visitors],
        ),
    ]


def _take_turns(
    pages: Sequence[Page], run: Callable[[Page, float], Load], seconds: float, rounds: int
) -> list[Speed]:
    found: dict[str, list[Load]] = {page.name: [] for page in pages}
    for number in range(rounds + 1):
        for page in pages:
            load = run(page, seconds if number else min(seconds, 1.0))
            if number:  # the first round only warms up
                found[page.name].append(load)
    rates = {
        name: sum(len(load.took) for load in loads) / sum(load.passed for load in loads)
        for name, loads in found.items()
    }
    bare = rates[pages[0].name]
    speeds = []
    for name, loads in found.items():
        took = sorted(seconds for load in loads for seconds in load.took)
        half, most = took[len(took) // 2], took[len(took) * 95 // 100]
        speeds.append(Speed(name, rates[name], half, most, rates[name] / bare))
    return speeds


def _in_process(both: WSGIApplication) -> Callable[[Page, float], Load]:
    def run(page: Page, seconds: float) -> Load:
        took: list[float] = []
        started = last = time.perf_counter()
        while last < started + seconds:
            answer_of(both, *page.visits[len(took) % len(page.visits)])
            now = time.perf_counter()
            took.append(now - last)
            last = now
        return Load(took, last - started)

    return run


def _over_http(port: int, connections: int) -> Callable[[Page, float], Load]:
    def run(page: Page, seconds: float) -> Load:
        requests = [request_of(*visit) for visit in page.visits]
        return measure(port, requests, seconds=seconds, connections=connections)

    return run


def answer_of(both: WSGIApplication, path: str, cookie: str) -> bytes:
    """Call the application as a server does; return the page.

    :raises WrongAnswer: when it is none.
    """
    statuses: list[str] = []

    def start_response(status: str, _headers: Any, _error: Any = None) -> Any:
        statuses.append(status)

    answer = both(_environ(path, cookie), start_response)
    page = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if statuses != ["200 OK"]:
        raise WrongAnswer(f"{path}: {statuses}")
    return page


def _environ(path: str, cookie: str) -> dict[str, Any]:
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in BROWSER}
    return {
        **sent,
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        "HTTP_HOST": "127.0.0.1",
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


@contextmanager
def _served(settings: Settings) -> Iterator[None]:
    """Serve both from a process of their own, with the settings of `siweb serve`."""
    # Nothing of the office that may run here: neither its database nor its secrets.
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
        "SIWEB_VAR_DIR": str(settings.var_dir),
        "SIWEB_PORT": str(settings.port),
        "SIWEB_WORKERS": str(settings.workers),
        "SIWEB_CONFIG": "",
    }
    command = [sys.executable, "-m", "siweb.bench.visits.beside"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait_for(settings.port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=_START_SECONDS)


def _wait_for(port: int) -> None:
    until = time.perf_counter() + _START_SECONDS
    while True:
        try:
            connection = KeptConnection(port)
            connection.ask(request_of(f"{BARE}/"))
            connection.close()
        except OSError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
