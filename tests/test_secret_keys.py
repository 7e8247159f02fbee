"""Secrets: in files that only their owner reads, or from outside; never in database and logs."""

import logging
import os
import stat

import pytest
from click.testing import CliRunner

from siweb.cli import main
from siweb.db.engine import make_engine
from siweb.secret_keys import (
    PAPER,
    SECRETS,
    SESSION,
    SecretFault,
    make_secret,
    read_secret,
    variable_of,
)
from siweb.settings import Settings


@pytest.fixture(params=[0o000, 0o077, 0o777], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A new office in a folder of its own, whose secrets do not come from outside."""
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SIWEB_DATABASE_URL", raising=False)
    for secret in SECRETS:
        monkeypatch.delenv(variable_of(secret), raising=False)
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.name)
def test_a_secret_is_made_once_and_its_owner_alone_reads_it(secret, tmp_path, umask):
    make_secret(secret, tmp_path)
    first = read_secret(secret, tmp_path)
    make_secret(secret, tmp_path)

    assert read_secret(secret, tmp_path) == first
    assert len(first) >= 64
    assert stat.S_IMODE((tmp_path / secret.name).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [secret.name]


def test_two_offices_have_nothing_in_common(tmp_path):
    made = set()
    for name in ("one", "two"):
        for secret in SECRETS:
            make_secret(secret, tmp_path / name)
            made.add(read_secret(secret, tmp_path / name))

    assert len(made) == 2 * len(SECRETS)


def test_an_older_office_goes_on_with_the_key_that_made_its_papers(tmp_path):
    make_secret(SESSION, tmp_path)
    settings = Settings(var_dir=tmp_path)

    assert settings.secret(PAPER) == settings.signing_key()
    assert Settings(var_dir=tmp_path, secret_key="given").secret(PAPER) == "given"


def test_a_secret_that_was_set_is_written_nowhere(tmp_path):
    settings = Settings(var_dir=tmp_path, secret_key="from outside", paper_key="another")

    assert (settings.signing_key(), settings.secret(PAPER)) == ("from outside", "another")
    assert not list(tmp_path.iterdir())


def test_a_store_of_secrets_has_a_folder_of_its_own(tmp_path):
    settings = Settings(var_dir=tmp_path / "var", secrets_dir=str(tmp_path / "store"))

    assert settings.secret(PAPER) == read_secret(PAPER, tmp_path / "store")
    assert not (tmp_path / "var").exists()


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    make_secret(SESSION, tmp_path)
    (tmp_path / SESSION.name).chmod(0o640)

    with pytest.raises(SecretFault, match=r"^Others can read .*secret_key: run chmod 600 "):
        Settings(var_dir=tmp_path).signing_key()


@pytest.mark.parametrize("value", ["", "\n"])
def test_an_empty_secret_is_refused(value, tmp_path):
    make_secret(SESSION, tmp_path)
    (tmp_path / SESSION.name).write_text(value)

    with pytest.raises(SecretFault, match="secret_key is empty: put the secret key back"):
        Settings(var_dir=tmp_path).signing_key()


def test_the_settings_print_no_secret():
    given = {secret.name: f"never shown {secret.name}" for secret in SECRETS}

    assert "never shown" not in repr(Settings(**given))


def test_a_command_names_every_secret_and_tells_none(office, monkeypatch):
    make_secret(SESSION, office)
    monkeypatch.setenv("SIWEB_PAPER_KEY", "given from outside")

    lines = run("secrets").splitlines()

    assert [line.partition(":")[0] for line in lines] == [secret.name for secret in SECRETS]
    assert f"paper_key: {PAPER.purpose}: from outside (SIWEB_PAPER_KEY)" in lines
    assert f"secret_key: {SESSION.purpose}: {office / 'secret_key'}" in lines
    assert "given from outside" not in "".join(lines)
    assert read_secret(SESSION, office) not in "".join(lines)


def test_no_secret_stands_in_the_database_in_a_log_or_open_to_others(office, caplog):
    """A walk over every secret of an office that was made, filled and opened by its commands."""
    caplog.set_level(logging.DEBUG)
    said = run("migrate") + run("seed", "--people", "48", "--employers", "4", "--on", "2026-11-24")
    page = open_front_page()
    kept = b"".join(path.read_bytes() for path in office.glob("*.sqlite3*"))

    for secret in SECRETS:
        path = office / secret.name
        value = path.read_text()
        for word in {value, *value.split()}:
            assert word.encode() not in kept, secret.name
            assert word not in caplog.text + said + page, secret.name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def open_front_page():
    from siweb.app import create_app
    from siweb.web.database import database

    app = create_app(Settings.load())
    page = app.test_client().get("/", headers={"Host": "localhost"}).text
    database(app).engine.dispose()
    make_engine(Settings.load().engine_url).dispose()
    return page
