"""The real server, without a proxy: hundreds of slow visitors, and how it starts and ends."""

import resource
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from siweb.bench import slow
from siweb.bench.slow import (
    HALF_A_FORM,
    HALF_A_HEAD,
    ask,
    compare,
    measure_answers,
    served,
    slow_visitors,
)
from siweb.db.engine import make_engine
from siweb.settings import Settings
from siweb.web.serving.server import most_connections
from tests.cli.operation.test_server import free_port
from tests.migrated import lay_schema

# Each takes a file descriptor here and one in the server.
SLOW = min(300, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    settings = Settings(var_dir=tmp_path_factory.mktemp("served"), port=free_port(), demo=True)
    lay_schema(make_engine(settings.engine_url))
    return settings


@pytest.fixture(scope="module")
def port(office):
    with served(office):
        yield office.port


def given_up(port, sent):
    """How long a half-sent request was waited for, and what came then."""
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as slow:
        slow.sendall(sent)
        answer = b""
        while part := slow.recv(65536):
            answer += part
    return time.monotonic() - started, answer


def test_pages_answer_while_hundreds_are_slow(port):
    with slow_visitors(port, SLOW):
        found = measure_answers(port, ("/healthz", "/", "/sign-in", "/readyz"), times=3)

    assert {page.path: page.statuses for page in found} == {
        path: {200} for path in ("/healthz", "/", "/sign-in", "/readyz")
    }


def test_the_benchmark_prints_pages_alone_and_beside_slow_ones(port, run, monkeypatch):
    monkeypatch.setattr(slow, "measure_slow", lambda number, times: compare(port, number, times))
    monkeypatch.setattr(slow, "most_connections", lambda: 25)

    printed = run("bench", "slow", "--connections", "30", "--times", "1").stdout

    first, alone, *pages = printed.splitlines()
    assert first == "This process may open files for 9 connections only."
    assert alone == "Alone:"
    assert pages.pop(3) == "While 9 slow connections are held:"
    assert [page.split()[:2] for page in pages] == [[path, "200"] for path in slow.PATHS] * 2


@pytest.mark.parametrize(("files", "connections"), [(64, 32), (1_024, 512), (20_000, 16_384)])
def test_a_server_that_may_open_few_files_answers_all_the_same(monkeypatch, files, connections):
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (files, files))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, _limits: None)

    assert most_connections() == connections


HALF_SENT = {
    "half a form": HALF_A_FORM,
    "half a head": HALF_A_HEAD,
    "nothing": b"",
    "another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.fixture(scope="module")
def half_sent(port):
    """What became of each, sent all at once: they wait side by side, not one after the other."""
    with ThreadPoolExecutor(len(HALF_SENT)) as pool:
        found = pool.map(lambda sent: given_up(port, sent), HALF_SENT.values())
        return dict(zip(HALF_SENT, found, strict=True))


def test_half_a_form_is_given_up_and_said_so(half_sent):
    seconds, answer = half_sent["half a form"]

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert seconds < 30


@pytest.mark.parametrize("sent", sorted(set(HALF_SENT) - {"half a form"}))
def test_half_a_head_is_given_up(half_sent, sent):
    seconds, answer = half_sent[sent]

    assert not answer.startswith(b"HTTP/1.1 200 ")
    assert seconds < 45


def test_a_body_that_is_too_long_is_refused_in_the_offices_words(port):
    _seconds, answer = given_up(
        port,
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nAccept-Language: en\r\n"
        b"Content-Length: 99999999999\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"The file is too large" in answer


@pytest.mark.parametrize("path", ["/%ed%a0%80", "/%00", "/%0a", "/%ff%fe"])
def test_an_address_that_is_no_text_is_not_found(port, path):
    assert ask(port, path) == 404


def test_a_strangers_host_is_refused(port):
    _seconds, answer = given_up(
        port, b"GET /verify HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"evil.example" not in answer


def test_a_static_file_comes_compressed_and_is_kept(port):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        page = b""
        while part := browser.recv(65536):
            page += part
    sheet = page.partition(b'<link rel="stylesheet" href="')[2].partition(b'"')[0]

    _seconds, answer = given_up(
        port,
        b"GET " + sheet + b" HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n"
        b"Connection: close\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"content-encoding: br" in answer.lower()
    assert b"immutable" in answer


@pytest.mark.parametrize("moment", [0.2, 0.8, 1.5, 3.0])
def test_told_to_stop_at_any_moment_of_the_start_it_ends(office, monkeypatch, moment):
    for name, value in (
        ("CONFIG", ""),
        ("VAR_DIR", office.var_dir),
        ("PORT", free_port()),
        ("DEMO", "true"),
        ("WORKERS", 2),
    ):
        monkeypatch.setenv(f"SIWEB_{name}", str(value))
    process = subprocess.Popen(
        [sys.executable, "-m", "siweb", "serve"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=moment)
        pytest.fail("it ended by itself")
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)

    # A worker that does not hear it is killed after ten seconds.
    assert process.wait(timeout=9) in {0, -signal.SIGTERM}
