"""/metrics: what the office counts of its work, who may read it, and that nobody stands in it."""

import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from sqlalchemy import text

from siweb.app import create_app
from siweb.clock import now
from siweb.collection.tables.levy_run import LevyState
from siweb.monitoring.counts import Counts
from siweb.queue.job import Job, JobState
from siweb.web.database import open_database
from tests import factories
from tests.bills import make_levy_run
from tests.cli.operation.test_server import free_port
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.sign_in import sign_in

# Digits behind a point are of a second.
ID_NUMBER = re.compile(r"(?<![\d.])\d{15,17}[\dX]?")
TOKEN = "a token of the monitoring"
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def read(client, **headers):
    return client.get("/metrics", headers=headers, environ_base=HERE)


def value(page, name):
    """The value of a line, by its name with its labels."""
    (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    return float(found)


def test_requests_and_statements_are_counted_by_route(client, session):
    client.get("/sign-in")
    before = read(client).text
    client.get("/sign-in")
    client.get("/no-such-page")
    client.open("/healthz", method="BREW")

    after = read(client).text

    requests = 'siweb_requests_total{{method="{}",route="{}",status="{}"}}'.format
    asked = requests("GET", "auth.show_sign_in", 200)
    assert value(after, asked) == value(before, asked) + 1
    # Neither what was typed as an address nor a method makes a name of its own.
    assert value(after, requests("GET", "none", 404)) >= 1
    assert value(after, requests("other", "none", 405)) >= 1
    assert "no-such-page" not in after
    assert value(after, 'siweb_statements_total{route="web.show_counts"}') > 0
    assert value(after, 'siweb_request_seconds_count{method="GET"}') > 2


def test_what_is_shown_of_a_person_leaves_nothing_of_them(client, session):
    person = factories.make_person(session, region_code=factories.make_region(session).code)
    sign_in(client, session, person)
    client.get("/record")
    client.get("/account")

    page = read(client).text

    assert person.name not in page
    assert ID_NUMBER.search(page) is None


def test_the_queue_the_levies_and_what_failed_are_told(client, session):
    at = now()
    make_levy_run(session, state=LevyState.SHOWN, issued_at=None)
    jobs = {
        "levy": (JobState.QUEUED, {"run_after": at - timedelta(minutes=10)}),
        "sheet": (JobState.FAILED, {"finished_at": at - timedelta(hours=23)}),
        "old": (JobState.FAILED, {"finished_at": at - timedelta(hours=25)}),
    }
    for name, (state, given) in jobs.items():
        session.add(
            Job(
                reference=name, name=name, arguments={}, subject_kind="s", subject_id="1",
                state=state, progress={}, queued_at=at, **{"run_after": at} | given,
            )
        )  # fmt: skip
    session.commit()

    page = read(client).text

    assert value(page, 'siweb_jobs{name="levy",state="queued"}') == 1
    assert value(page, 'siweb_jobs{name="sheet",state="failed"}') == 1
    assert 'name="old"' not in page
    assert 600 <= value(page, "siweb_oldest_job_seconds") < 660
    assert value(page, 'siweb_levy_runs{state="shown"}') == 1
    assert value(page, 'siweb_ready{what="database"}') == 1


def test_backups_are_told_by_number_age_and_size(client, app):
    folder = app.extensions["siweb_settings"].var_dir / "backups"
    assert "siweb_backup_timestamp_seconds" not in read(client).text
    folder.mkdir()
    (folder / "siweb-20261123T000000Z.zip").write_bytes(b"12345")

    page = read(client).text

    assert value(page, "siweb_backups") == 1
    assert value(page, "siweb_backup_timestamp_seconds") == 1795392000
    assert value(page, "siweb_backup_bytes") == 5


def test_a_database_that_is_away_is_told_by_the_rest(tmp_path, settings):
    found = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    lay_schema(found.engine)
    office = create_app(replace(settings, var_dir=tmp_path), found)
    with found.engine.begin() as connection:
        connection.execute(text("DROP TABLE job"))

    page = read(office.test_client()).text

    assert "siweb_jobs" not in page and "siweb_levy_runs" not in page
    assert value(page, "siweb_disk_free_bytes") > 0
    found.engine.dispose()


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "203.0.113.9"),
        ({}, ""),
        ({"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1"),
        ({"Forwarded": "for=127.0.0.1"}, "127.0.0.1"),
        ({"Host": "office.example.org"}, "127.0.0.1"),
    ],
    ids=["elsewhere", "nowhere", "proxied", "forwarded", "by its name"],
)
def test_without_a_token_this_machine_alone_reads_it(build_office, settings, headers, address):
    office = build_office(replace(settings, public_url="https://office.example.org"))

    found = office.test_client().get(
        "/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}
    )

    assert found.status_code == 404


def test_with_a_token_whoever_has_it_reads_it(build_office, settings):
    office = build_office(replace(settings, metrics_token=TOKEN))
    client = office.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"

    asked = {
        given: client.get("/metrics", headers={"Authorization": given}).status_code
        for given in ("", f"Bearer {TOKEN}", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer é")
    }

    assert asked == {
        "": 404, f"Bearer {TOKEN}": 200, f"Bearer {TOKEN[:-1]}": 404, TOKEN: 404, "Bearer é": 404,
    }  # fmt: skip
    # Being on the machine is no token.
    assert client.get("/metrics", environ_base=HERE).status_code == 404


TWO_PROCESSES = """
import os, sys
from siweb.monitoring.shared_counts import begin_counting
from pathlib import Path
begin_counting(Path(sys.argv[1]))
from siweb.monitoring.counts import Counts
def count():
    counts = Counts(lambda app: ())
    counts.requests.labels("here", "GET", "200").inc()
    return counts
for _child in range(2):
    if not (child := os.fork()):
        count()
        os._exit(0)
    os.waitpid(child, 0)
print(count().exposed(None).decode())
"""


def test_the_processes_of_a_server_count_together_and_a_new_server_from_nothing(tmp_path):
    folder = tmp_path / "counts"

    pages = [
        subprocess.run(
            [sys.executable, "-c", TWO_PROCESSES, folder],
            capture_output=True, text=True, check=True,
        ).stdout
        for _server in range(2)
    ]  # fmt: skip

    asked = 'siweb_requests_total{method="GET",route="here",status="200"}'
    # Those of processes that ended are counted on; those of the server before are not.
    assert [value(page, asked) for page in pages] == [3, 3]
    # Their room is taken at once, not when the disk is full: no file has holes.
    assert all(path.stat().st_blocks * 512 >= 1 << 20 for path in folder.glob("c*.db"))
    assert folder.stat().st_mode & 0o077 == 0


def test_without_room_a_process_counts_for_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "gone"))
    counts = Counts(lambda _app: ())
    counts.failures.labels("busy").inc()

    assert value(counts.exposed(None).decode(), 'siweb_failures_total{kind="busy"}') == 1


def test_two_workers_of_a_real_server_tell_the_same(tmp_path):
    port = free_port()
    environment = {
        "PATH": "/usr/bin:/bin", "SIWEB_VAR_DIR": str(tmp_path), "SIWEB_WORKERS": "2",
        "SIWEB_PORT": str(port), "SIWEB_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SIWEB_LOG_FORMAT": "json", "PYTHONPATH": ":".join(filter(None, sys.path)),
    } | {f"SIWEB_{name.upper()}": secret for name, secret in SECRETS.items()}  # fmt: skip
    found = open_database(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(found.engine)
    found.engine.dispose()
    server = subprocess.Popen(
        [sys.executable, "-m", "siweb", "serve"], env=environment, stderr=subprocess.PIPE, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip

    def ask(path):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return page

    try:
        until = time.monotonic() + 60
        while True:
            try:
                ask("/healthz")
            except ConnectionRefusedError:
                assert time.monotonic() < until
            else:
                break
        for _time in range(12):
            ask("/sign-in")
        pages = [ask("/metrics") for _time in range(6)]
    finally:
        server.terminate()
        _out, log = server.communicate(timeout=60)

    asked = 'siweb_requests_total{method="GET",route="auth.show_sign_in",status="200"}'
    assert {value(page, asked) for page in pages} == {12}
    # All that the server itself and its processes write is JSON as well.
    assert all(line.startswith("{") and line.endswith("}") for line in log.splitlines()), log
    assert log.count('"route": "auth.show_sign_in"') == 12
