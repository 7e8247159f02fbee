"""Who runs a command: proved by password and second factor, for some hours, and for what they do."""

import stat
from datetime import timedelta

import click
import pytest
from sqlalchemy import func, select, update

from siweb.audit.activity import Activity
from siweb.auth.credentials.second_factor.totp import SECONDS
from siweb.auth.sign_in.operator_session import LASTS
from siweb.auth.tables.appointment import Appointment
from siweb.auth.tables.sign_in_session import EndReason, SignInSession
from siweb.cli import COMMANDS, main
from siweb.messages.tables.message import Message
from siweb.registry.tables.person import Person
from siweb.rules.parameters.load import SHIPPED
from siweb.web.database import database
from tests import factories
from tests.auth.second_factor import code_at
from tests.cli.office.new_office import AGENCY, FIRST, INIT, PASSWORD, SECOND
from tests.cli.office.test_first_office import office, opened, staffed
from tests.conftest import NOW
from tests.factories import make_uscc

__all__ = ["office", "opened", "staffed"]
# Nothing of the office is changed: what they read lies open to whoever reads the database itself.
READ = {
    "backup list", "bank-account list", "calc", "doctor", "check", "messages", "packs check",
    "office show", "packs diff", "packs new", "papers missing", "packs schema", "packs show", "region list", "secrets",
    "staff list", "tasks list", "verify",
}  # fmt: skip
# What a timer or the installation runs: by rule, for no day but its own, and nobody chooses whom.
SYSTEM = {
    "assessments settle", "backup drill", "backup new-key", "daily", "field-key forget-old", "field-key rotate", "upgrade", "close-day", "day", "install-service", "migrate", "restore", "seal",
    "serve", "work",
}  # fmt: skip
# Opens an empty office, or refuses; made-up data; what whoever builds on the code needs.
BEFORE_AN_OFFICE = {"bench", "db", "demo", "init", "seed", "translations"}
# They are how somebody is proved.
THE_PROOF = {"operator sign-in", "operator sign-out"}
USCC = make_uscc()
OPERATED = {
    "adjust": "--region 310000 --from 2026-01 --through 2026-02 --due 2026-12-31 --reason 通知",
    "agency": "310000 hrss --name 中心 --name-en Centre --address 1 --address-en 1 --phone 12333",
    "assessments find": "--region 310000 --month 2026-10",
    "bank-account add": "6222000000000001 --bank ICBC --because 1",
    "bring-in": "benefits FILE --region 310000 --because 1",
    "campaign": "310000 certification 2026 --months 2026-01 2026-12 --opens 2026-01-01",
    "employer": f"--uscc {USCC} --name 厂 --region 310000 --industry I65 --established 2026-01-01",
    "export-levy": "FILE --region 310000 --month 2026-10",
    "import-statement": "FILE --region 310000 --bank ICBC",
    "interest": "--year 2025",
    "issue-code": f"--id-number {FIRST}",
    "levy": "--region 310000 --month 2026-10",
    "make-owner": f"{USCC} --id-number {FIRST}",
    "packs import": "PACK --because 1",
    "person": "--id-number 310101195505068092 --name 孙勇 --region 310000",
    "region open": "320100",
    "office set": "--phone 1",
    "signs import": "FILE --region 310000 --office 监狱 --kind prison --because 1",
    "staff appoint": f"audit --id-number {SECOND} --because 1",
    "staff end": "1 --because 1",
    "staff reset-factor": "1 --because 1",
    "staff set-up-code": f"--id-number {SECOND}",
    "tasks approve": "TASK",
    "tasks refuse": "TASK --because 1",
}


def leaves(command=main, name=""):
    """Every command by its words, from the registry."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for each in command.list_commands(context):
        yield from leaves(command.get_command(context, each), f"{name} {each}".strip())


def test_every_command_reads_is_the_systems_or_asks_who_runs_it():
    of_groups = {"calc": READ, **dict.fromkeys(BEFORE_AN_OFFICE, BEFORE_AN_OFFICE)}
    known = READ | SYSTEM | BEFORE_AN_OFFICE | THE_PROOF
    asks = set()
    for name, command in leaves():
        if name.split()[0] in of_groups or name in known:
            assert not any(option.name == "operator" for option in command.params), name
        else:
            (option,) = (option for option in command.params if option.name == "operator")
            assert option.opts == ["--operator"]
            asks.add(name)
    assert asks == set(OPERATED)
    assert {name.split()[0] for name, _command in leaves()} == set(COMMANDS)


def test_nobody_runs_a_command_unproved(staffed, tmp_path):
    """Neither without a sign-in nor with what is none, an ID number among them."""
    with database(staffed.app).writers() as session:
        factories.make_employer(session, uscc=USCC)
        session.commit()
    listed, guessed = tmp_path / "list.csv", tmp_path / "guessed"
    listed.write_text("id_number\n", "utf-8")
    guessed.write_text("guessed", "utf-8")
    guessed.chmod(0o600)
    waiting = staffed.appoint("parameters", SECOND).split()[-1]
    given = {"FILE": str(listed), "PACK": str(SHIPPED / "shanghai.toml"), "TASK": waiting}
    before = count(staffed, Activity)
    for name, typed in OPERATED.items():
        words = [*name.split(), *(given.get(word, word) for word in typed.split())]
        for file, sentence in (
            (str(tmp_path / "absent"), "Nobody is signed in"),
            (f"./{FIRST}", "Nobody is signed in"),
            (str(guessed), "The sign-in has ended"),
        ):
            assert sentence in staffed.run(*words, "--operator", file, exit_code=2), name
    assert count(staffed, Activity) == before


ACT_BY_NOBODY = {
    "adjust", "assessments find", "bank-account add", "export-levy", "import-statement", "interest",
    "issue-code", "levy", "packs import",
}  # fmt: skip


def test_from_the_first_two_on_no_command_goes_by_nobody_again(office, tmp_path):
    """Neither at once, before anybody has signed in, nor when nobody holds a function any more."""
    with database(office.app).writers() as session:
        factories.make_employer(session, uscc=USCC)
        session.commit()
    listed, absent = tmp_path / "list.csv", str(tmp_path / "absent")
    listed.write_text("id_number\n", "utf-8")
    given = {"FILE": str(listed), "PACK": str(SHIPPED / "shanghai.toml")}

    def ask():
        for name in sorted(ACT_BY_NOBODY):
            words = [*name.split(), *(given.get(word, word) for word in OPERATED[name].split())]
            said = office.run(*words, "--operator", absent, exit_code=2)
            assert "Nobody is signed in" in said, name

    ask()
    with database(office.app).writers() as session:
        session.execute(update(Appointment).values(ended_at=NOW))
        session.commit()
    ask()
    assert "open already" in office.run(*INIT, exit_code=1)


def count(office, table):
    with database(office.app).readers() as session:
        return session.scalar(select(func.count()).select_from(table))


def sign_in(office, *words, exit_code=0, code=None, password=PASSWORD, number=FIRST, after=1):
    """Sign in at the terminal with the code of the next half minute, or another one."""
    at = NOW + timedelta(seconds=after * SECONDS)
    typed = f"{password}\n{code or code_at(at, office.secrets[number])}\n"
    given = ("operator", "sign-in", "--id-number", number, *words)
    return office.run(*given, exit_code=exit_code, typed=typed)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "me" / "operator"


def test_a_sign_in_proves_who_runs_commands_until_it_ends(staffed, file):
    told = sign_in(staffed, "--file", str(file))
    assert "张伟 runs commands until" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    staffed.run(*AGENCY, "--operator", str(file))
    with database(staffed.app).writers() as session:
        noted = session.scalars(select(Activity).where(Activity.action == "agency.named")).one()
        opened_by = session.scalars(
            select(SignInSession).where(SignInSession.device.like("siweb · %"))
        ).one()
        assert noted.account_id == opened_by.account_id
        # Of the token the database has a hash alone, which is that of no browser's.
        assert file.read_text("utf-8") not in opened_by.token_hash
        assert "operator_signed_in" in session.scalars(select(Message.kind)).all()
    page = staffed.browser(FIRST).get("/account/sign-ins").text
    assert "siweb · " in page

    assert "Signed out" in staffed.run("operator", "sign-out", "--file", str(file))
    assert not file.exists()
    assert "Nobody is signed in" in staffed.run(*AGENCY, "--operator", str(file), exit_code=2)


@pytest.mark.parametrize("how", ["hours", "idle", "sign-ins page", "password", "function", "death"])
def test_a_sign_in_for_commands_ends_with_what_it_rests_on(staffed, file, how, monkeypatch):
    sign_in(staffed, "--file", str(file))
    ended = {"ended_at": NOW, "end_reason": EndReason.PASSWORD_CHANGED}
    with database(staffed.app).writers() as session:
        mine = SignInSession.device.like("siweb · %")
        if how == "hours":
            session.execute(update(SignInSession).where(mine).values(expires_at=NOW))
        elif how == "idle":
            idle = NOW - timedelta(minutes=staffed.settings.idle_minutes)
            session.execute(update(SignInSession).where(mine).values(last_seen_at=idle))
        elif how in {"sign-ins page", "password"}:
            session.execute(update(SignInSession).where(mine).values(ended))
        elif how == "function":
            session.execute(update(Appointment).values(ended_at=NOW))
        else:
            session.execute(update(Person).values(died_on=NOW.date()))
        session.commit()
    told = staffed.run(*AGENCY, "--operator", str(file), exit_code=2)
    assert ("has not the function" if how == "function" else "has ended") in told


def test_what_is_typed_wrong_signs_nobody_in_and_is_counted(staffed, file):
    words = ("--file", str(file))
    wrong = sign_in(staffed, *words, password="wrong", exit_code=1)
    assert "The ID number or the password is wrong." in wrong
    # The same words for a number that nobody has.
    for _try in range(5):
        assert "This code is wrong" in sign_in(staffed, *words, code="000000", exit_code=1)
    assert "Too many wrong tries" in sign_in(staffed, *words, exit_code=1)
    assert not file.exists()


def test_no_code_signs_in_twice_and_no_browser_s_token_runs_commands(staffed, file, tmp_path):
    sign_in(staffed, "--file", str(file))
    assert "was used already" in sign_in(staffed, "--file", str(tmp_path / "again"), exit_code=1)
    with staffed.browser(FIRST).session_transaction() as kept:
        (tmp_path / "cookie").write_text(kept["_user_id"], "utf-8")
    (tmp_path / "cookie").chmod(0o600)
    words = (*AGENCY, "--operator", str(tmp_path / "cookie"))
    assert "has ended" in staffed.run(*words, exit_code=2)
    # Nor does a file's token open a page.
    stranger = staffed.app.test_client()
    with stranger.session_transaction() as kept:
        kept["_user_id"] = file.read_text("utf-8")
    assert stranger.get("/account").location.startswith("/sign-in")


def test_only_its_owner_reads_the_file(staffed, file, tmp_path):
    sign_in(staffed, "--file", str(file))
    file.chmod(0o640)
    assert "Others may read" in staffed.run(*AGENCY, "--operator", str(file), exit_code=2)
    file.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(file)
    assert "Cannot read" in staffed.run(*AGENCY, "--operator", str(link), exit_code=2)
    # What lies in the place of a new one is replaced, and a link is not followed.
    other = tmp_path / "other"
    other.write_text("kept", "utf-8")
    link.unlink()
    link.symlink_to(other)
    sign_in(staffed, "--file", str(link), number=SECOND)
    assert other.read_text("utf-8") == "kept"


def test_who_checks_has_proved_it_in_the_last_minutes(staffed, file, tmp_path):
    task = staffed.appoint("parameters", SECOND).split()[-1]
    sign_in(staffed, "--file", str(file))
    told = staffed.run("tasks", "approve", task, "--operator", str(file), exit_code=1)
    assert "another person checks it" in told
    with database(staffed.app).writers() as session:
        session.execute(update(SignInSession).values(proved_at=NOW - timedelta(minutes=10)))
        session.commit()
    told = staffed.run("tasks", "approve", task, "--operator", str(file), exit_code=2)
    assert "a code of the last minutes" in told
    staffed.run(*AGENCY, "--operator", str(file))


def test_password_and_code_may_come_from_a_file_that_nobody_else_reads(staffed, file, tmp_path):
    secrets = tmp_path / "given"
    code = code_at(NOW + timedelta(seconds=SECONDS), staffed.secrets[FIRST])
    secrets.write_text(f"{PASSWORD}\n{code}\n", "utf-8")
    words = ("operator", "sign-in", "--id-number", FIRST, "--file", str(file), "--from")
    secrets.chmod(0o644)
    assert "Others may read" in staffed.run(*words, str(secrets), exit_code=2)
    secrets.chmod(0o600)
    staffed.run(*words, str(secrets))
    assert file.exists()
    typed = f"{PASSWORD}\n{code_at(NOW + timedelta(seconds=SECONDS), staffed.secrets[SECOND])}\n"
    piped = ("operator", "sign-in", "--id-number", SECOND, "--file", f"{file}-2", "--from", "-")
    assert "李强 runs commands" in staffed.run(*piped, typed=typed)
    assert timedelta(hours=4) == LASTS
