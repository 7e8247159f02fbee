"""Secrets: in files that only their owner reads, or from outside; never in database and logs."""

import logging
import os
import shutil
import stat

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from siweb.app import create_app
from siweb.cli import main
from siweb.db.engine import make_engine
from siweb.registry.number_keys import hold_number_keys
from siweb.secret_keys import (
    DIGEST,
    FIELD,
    PAPER,
    SECRETS,
    SESSION,
    SecretFault,
    make_secret,
    read_secret,
    variable_of,
)
from siweb.settings import Settings
from siweb.web.database import database
from tests import factories
from tests.office_secrets import SECRETS as OF_TESTS


@pytest.fixture(params=[0o000, 0o077, 0o777], ids=oct)
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A new office in a folder of its own, whose secrets do not come from outside."""
    in_a_folder_of_its_own(monkeypatch, tmp_path)
    yield tmp_path
    hold_number_keys(Settings(**OF_TESTS))


def in_a_folder_of_its_own(patch, folder):
    patch.setenv("SIWEB_VAR_DIR", str(folder))
    patch.setenv("SIWEB_PUBLIC_URL", "https://office.example.org")
    patch.delenv("SIWEB_DATABASE_URL", raising=False)
    for secret in SECRETS:
        patch.delenv(variable_of(secret), raising=False)


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


@pytest.mark.parametrize("secret", [FIELD, DIGEST], ids=lambda secret: secret.name)
def test_a_key_that_was_lost_stops_every_start_with_a_sentence(seeded, secret):
    (seeded / secret.name).unlink()
    words = secret.name.replace("_", " ")

    for command in ("migrate", "serve", "work", "seed"):
        result = CliRunner().invoke(main, [command])

        assert result.exit_code == 1, command
        assert result.output.startswith(f"Error: The {words} is missing: put it back as "), command
    with pytest.raises(SecretFault, match=f"The {words} is missing"):
        create_app(Settings.load())
    assert not (seeded / secret.name).exists()


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        (FIELD, "Error: The field key is not the one with which ID numbers were sealed"),
        (DIGEST, "Error: The digest key is not the one with which people are found"),
    ],
    ids=lambda given: getattr(given, "name", None),
)
def test_another_key_stops_every_start_too(seeded, secret, sentence):
    (seeded / secret.name).write_text("of another office")

    for command in ("migrate", "serve", "seed"):
        result = CliRunner().invoke(main, [command])

        assert (result.exit_code, result.output.startswith(sentence)) == (1, True), command


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small office with one person, made once."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        in_a_folder_of_its_own(patch, folder)
        run("migrate")
        engine = make_engine(Settings.load().engine_url)
        with Session(engine) as session:
            factories.make_person(session)
            session.commit()
        engine.dispose()
    hold_number_keys(Settings(**OF_TESTS))
    return folder


@pytest.fixture
def seeded(made, office):
    shutil.copytree(made, office, dirs_exist_ok=True)
    return office


def open_front_page():
    app = create_app(Settings.load())
    page = app.test_client().get("/", headers={"Host": "localhost"}).text
    database(app).engine.dispose()
    make_engine(Settings.load().engine_url).dispose()
    return page
