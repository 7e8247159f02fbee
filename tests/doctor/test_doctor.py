"""Each fault that `siweb doctor` says it sees is made once, and named with what to do."""

import json
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import text

from siweb import clock
from siweb.db.engine import make_engine
from siweb.doctor import certificate, machine, work
from siweb.doctor.finding import FAULTS, Health
from siweb.settings import Settings
from tests.cli.conftest import run
from tests.conftest import NOW
from tests.demonstration import make_demonstration

__all__ = ["run"]
STAMP = "%Y-%m-%d %H:%M:%S.%f"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A well-kept office: closed yesterday, backed up last night, known by an address."""
    folder = tmp_path / "office"
    make_demonstration(folder)
    folder.chmod(0o700)
    for path in folder.glob("*.sqlite3*"):
        path.chmod(0o600)
    for name, value in {
        "VAR_DIR": folder, "PUBLIC_URL": "https://office.example.org", "HTTPS": "true",
        "TRUSTED_PROXIES": "1", "SMTP_HOST": "mail.example.org",
        "PAPERS_DIR": tmp_path,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SIWEB_{name}", str(value))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings = Settings.load()
    settings.make_secrets()
    (folder / "backups").mkdir()
    (folder / "backups" / f"siweb-{NOW - timedelta(hours=8):%Y%m%dT%H%M%SZ}.zip").touch()
    note_drill(settings, 99)
    monkeypatch.setattr(certificate, "certificate_end", lambda *_at: NOW + timedelta(days=30))
    execute(settings, "DELETE FROM activity_unsealed")
    execute(settings, "DELETE FROM job")
    return settings


def execute(settings, statement, **values):
    engine = make_engine(settings.engine_url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def closed(settings, on):
    execute(
        settings,
        "INSERT INTO day_root (region_code, number, sealed_on, sealed_at, open_from, rows, key_mark,"
        " previous_root, root) SELECT '000000', 9999, :on, :at, :on, 1, 'k', 'a', 'b'",
        on=f"{on}",
        at=f"{NOW:{STAMP}}",
    )


def job(settings, state, at, **values):
    row = {
        "reference": "R1", "name": "x", "arguments": "{}", "subject_kind": "s", "subject_id": "1",
        "state": state, "progress": "{}", "attempts": 1, "queued_at": f"{at:{STAMP}}",
        "run_after": f"{at:{STAMP}}", **values,
    }  # fmt: skip
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    execute(settings, f"INSERT INTO job ({names}) VALUES ({marks})", **row)


def lines(run, *words):
    return run("doctor", *words).stdout.splitlines()


def test_a_well_kept_office_is_told_only_what_to_watch(run, office):
    closed(office, (NOW - timedelta(days=1)).date())

    found = run("doctor")

    assert found.exit_code == 0, found.output
    assert not [line for line in found.stdout.splitlines() if line.startswith("ILL")]
    # A demonstration has the figures that come with siweb.
    assert {line.split(":")[0].split()[1] for line in found.stdout.splitlines()[:-1]} == {"figures"}
    everything = lines(run, "--all")
    assert any(line.startswith("ok    worker: no job waits for long") for line in everything)
    assert len(everything) > len(found.stdout.splitlines())


def make_public_url_plain(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "http://office.example.org")


def forget_https(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_HTTPS", "false")


def forget_proxies(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_TRUSTED_PROXIES", "0")


def forget_public_url(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_PUBLIC_URL", "")


def lose_a_secret(office, _monkeypatch):
    (office.var_dir / "chain_key").unlink()


def show_a_secret(office, _monkeypatch):
    (office.var_dir / "seal_key").chmod(0o644)


def empty_a_secret(office, _monkeypatch):
    (office.var_dir / "proof_key").write_text("")


def good_for(monkeypatch, **span):
    monkeypatch.setattr(certificate, "certificate_end", lambda *_at: NOW + timedelta(**span))


def let_the_certificate_end(_office, monkeypatch):
    good_for(monkeypatch, hours=-3)


def leave_the_certificate(_office, monkeypatch):
    good_for(monkeypatch, days=6, hours=23)


def forget_the_certificate(_office, monkeypatch):
    good_for(monkeypatch, days=20, hours=23)


def stop_the_proxy(_office, monkeypatch):
    def nobody(*_at):
        raise ConnectionRefusedError

    monkeypatch.setattr(certificate, "certificate_end", nobody)


def note_drill(office, days, wrong=0):
    note = {"at": f"{NOW - timedelta(days=days)}", "backup": "siweb-a.zip", "wrong": wrong}
    (office.var_dir / "backups" / "last-drill.json").write_text(json.dumps(note))


def hold_no_drill(office, _monkeypatch):
    (office.var_dir / "backups" / "last-drill.json").unlink()


def age_the_drill(office, _monkeypatch):
    note_drill(office, 101)


def fail_the_drill(office, _monkeypatch):
    note_drill(office, 1, wrong=2)


def show_the_database(office, _monkeypatch):
    next(office.var_dir.glob("*.sqlite3")).chmod(0o644)


def fill_the_disk(_office, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1_000_000))


def nearly_fill_the_disk(_office, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=900_000_000))


def move_the_database(office, _monkeypatch):
    next(office.var_dir.glob("*.sqlite3")).rename(office.var_dir / "elsewhere")
    office.var_dir.joinpath("siweb.sqlite3").mkdir()


def put_the_schema_back(office, _monkeypatch):
    execute(office, "UPDATE alembic_version SET version_num = '0084'")


def set_the_clock_back(office, _monkeypatch):
    execute(
        office, "UPDATE activity SET at = :at WHERE id = 1", at=f"{NOW + timedelta(days=1):{STAMP}}"
    )


def kill_the_worker(office, _monkeypatch):
    job(office, "queued", NOW - timedelta(minutes=11))


def silence_the_worker(office, _monkeypatch):
    since = NOW - timedelta(minutes=11)
    job(
        office,
        "running",
        since,
        heartbeat_at=f"{since:{STAMP}}",
        worker="w",
        started_at=f"{since:{STAMP}}",
    )


def fail_a_job(office, _monkeypatch):
    at = NOW - timedelta(days=6)
    job(office, "failed", at, finished_at=f"{at:{STAMP}}", failure_reference="ABCD-1234")


def leave_a_line_unsealed(office, _monkeypatch):
    execute(
        office,
        "INSERT INTO activity_unsealed (activity_id, region_code, written_at)"
        " SELECT id, region_code, :at FROM activity ORDER BY id LIMIT 1",
        at=f"{NOW - timedelta(minutes=2):{STAMP}}",
    )


def close_no_day_since(office, _monkeypatch):
    execute(office, "UPDATE day_root SET sealed_on = :on", on=f"{(NOW - timedelta(days=3)).date()}")


def remove_backups(office, _monkeypatch):
    for path in (office.var_dir / "backups").iterdir():
        path.unlink()


def age_the_backup(office, _monkeypatch):
    remove_backups(office, None)
    made = NOW - timedelta(hours=26)
    (office.var_dir / "backups" / f"siweb-{made:%Y%m%dT%H%M%SZ}.zip").touch()


def send_no_mail(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_SMTP_HOST", "")


def keep_no_journal(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_PAPERS_DIR", "")


def take_the_journal_away(office, monkeypatch):
    monkeypatch.setenv("SIWEB_PAPERS_DIR", str(office.var_dir / "not-mounted"))


def take_the_folder_away(office, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(office.var_dir / "not-mounted"))
    monkeypatch.setenv("SIWEB_DATABASE_URL", office.engine_url)


def call_it_a_demonstration(_office, monkeypatch):
    monkeypatch.setenv("SIWEB_DEMO", "true")


def let_the_database_only_read(office, monkeypatch):
    address = f"sqlite:///file:{office.var_dir / 'siweb.sqlite3'}?mode=ro&uri=true"
    monkeypatch.setenv("SIWEB_DATABASE_URL", address)


def lose_a_table(office, _monkeypatch):
    execute(office, "DROP TABLE activity_unsealed")


def close_no_day_at_all(office, _monkeypatch):
    execute(office, "DELETE FROM day_root")


def let_the_log_grow(office, _monkeypatch):
    """Looked at when it had nine lines; since then nobody ran `siweb day`."""
    execute(
        office,
        "INSERT INTO activity_link (position, activity_id, region_code, hash_form, link_hash,"
        " sealed_at) SELECT 591, id, region_code, 1, zeroblob(32), at FROM activity ORDER BY id LIMIT 1",
    )
    execute(office, "ANALYZE activity_link")
    execute(office, "UPDATE sqlite_stat1 SET stat = '9 1' WHERE tbl = 'activity_link'")


def have_own_figures(office, monkeypatch):
    """An office's own pack, without the notices of the months to come."""
    monkeypatch.setattr(work, "is_shipped", lambda *_given: False)


def refuse_mail(office, _monkeypatch):
    execute(
        office,
        "INSERT INTO message_delivery (region_code, kind, subject, notified_on, reader_id, channel,"
        " state, attempts, next_try_at, failure)"
        " SELECT region_code, kind, subject, notified_on, reader_id, 'email', 'failed', 8, :at,"
        " 'refused' FROM message LIMIT 1",
        at=f"{NOW - timedelta(days=6):{STAMP}}",
    )


def leave_it(_office, _monkeypatch):
    """A demonstration has the figures that come with siweb."""


INJECTED = (
    (machine.NO_ADDRESS, forget_public_url, "ILL   public address: none is set: set SIWEB_PUBLIC_URL"),
    (machine.NOT_ENCRYPTED, make_public_url_plain, "ILL   public address: http://office.example.org is not encrypted"),
    (machine.PLAIN_COOKIES, forget_https, "ILL   cookies: they go over plain HTTP as well: set SIWEB_HTTPS=true"),
    (machine.NO_PROXIES, forget_proxies, "watch proxies: none is counted"),
    (machine.SECRET_MISSING, lose_a_secret, "ILL   chain key: it is missing: put it back as /"),
    (machine.SECRET_OPEN, show_a_secret, "ILL   seal key: others can read it: run chmod 600 /"),
    (machine.SECRET_EMPTY, empty_a_secret, "ILL   proof key: it is empty: put it back as /"),
    (certificate.ENDED, let_the_certificate_end, "ILL   certificate: it ended on 2026-11-23: renew it"),
    (certificate.ENDS_SOON, leave_the_certificate, "ILL   certificate: days left: 6: renew it"),
    (certificate.NOT_RENEWED, forget_the_certificate, "watch certificate: days left: 20: see why it was not"),
    (certificate.UNANSWERED, stop_the_proxy, "watch certificate: office.example.org did not answer this machine: look"),
    (work.NEVER_DRILLED, hold_no_drill, "watch restore drill: none was ever held: run siweb backup drill"),
    (work.OLD_DRILL, age_the_drill, "watch restore drill: held on 2026-08-15, with siweb-a.zip: run siweb backup drill"),
    (work.FAILED_DRILL, fail_the_drill, "ILL   restore drill: the books of siweb-a.zip did not balance"),
    (machine.OPEN_FILES, show_the_database, "watch file modes: others on this machine can read siweb.sqlite3"),
    (machine.DISK_FULL, fill_the_disk, "ILL   disk: 0.0 GB are free: make room now"),
    (machine.DISK_FILLS, nearly_fill_the_disk, "watch disk: 0.9 GB are free: make room"),
    (work.NOT_WRITTEN, move_the_database, "ILL   database: cannot be written"),
    (work.OTHER_SCHEMA, put_the_schema_back, "ILL   schema: not that of this version: run siweb upgrade"),
    (work.WRONG_CLOCK, set_the_clock_back, "ILL   clock: the log has a line of 2026-11-25 02:00 UTC"),
    (work.NO_WORKER, kill_the_worker, "ILL   worker: jobs wait, and nobody does them: start siweb work"),
    (work.NO_WORKER, silence_the_worker, "ILL   worker: jobs wait, and nobody does them: start siweb work"),
    (work.JOBS_FAILED, fail_a_job, "watch failed jobs: in the last week: ABCD-1234"),
    (work.UNSEALED, leave_a_line_unsealed, "ILL   log: waiting for their seal since 2026-11-24 01:58 UTC, lines: 1"),
    (work.NOT_CLOSED, close_no_day_since, "ILL   books: last sealed on 2026-11-21: run siweb close-day"),
    (work.NO_BACKUP, remove_backups, "ILL   backup: there is none in"),
    (work.OLD_BACKUP, age_the_backup, "ILL   backup: siweb-20261123T000000Z.zip; its age in hours: 26: run siweb backup"),
    (work.NO_GATEWAY, send_no_mail, "watch messages: they stand in inboxes alone: set SIWEB_SMTP_HOST"),
    (machine.NO_JOURNAL, keep_no_journal, "watch journal of papers: none is kept"),
    (machine.JOURNAL_AWAY, take_the_journal_away, "ILL   journal of papers: nothing can be noted in /"),
    (machine.NO_FOLDER, take_the_folder_away, "ILL   folder: /"),
    (machine.DEMONSTRATION, call_it_a_demonstration, "watch public address: this is a demonstration"),
    (work.NOT_WRITTEN, let_the_database_only_read, "ILL   database: cannot be written: see that"),
    (work.FAILED_WHEN_ASKED, lose_a_table, "ILL   database: it failed when asked: OperationalError"),
    (work.NEVER_CLOSED, close_no_day_at_all, "watch books: no day was ever closed: run siweb close-day"),
    (work.OLD_STATISTICS, let_the_log_grow, "watch statistics: lines of the log that the database plans for: 9; lines that are there: 591: run siweb day"),
    (work.SHIPPED_FIGURES, leave_it, "watch figures of 310000: those that come with siweb"),
    (work.MISSING_FIGURES, have_own_figures, "watch figures of 330100: notices are missing, each with its month: "),
    (work.UNDELIVERED, refuse_mail, "watch messages: 1 did not arrive in the last week: see the mail"),
)  # fmt: skip


@pytest.mark.parametrize(("fault", "inject", "line"), INJECTED)
def test_each_fault_is_named_with_what_to_do(run, office, monkeypatch, fault, inject, line):
    closed(office, NOW.date())
    inject(office, monkeypatch)

    found = run("doctor")

    assert [each for each in found.stdout.splitlines() if each.startswith(line)], found.stdout
    assert found.exit_code == int(fault.health is Health.ILL)
    # The line is this fault's and not another's whose words are like it.
    assert fault.what_to_do.partition("%")[0] in found.stdout


def test_no_fault_is_claimed_that_nobody_made():
    """By the doctor's own list: one that is declared and never injected fails here."""
    assert {fault for fault, _inject, _line in INJECTED} == set(FAULTS)
