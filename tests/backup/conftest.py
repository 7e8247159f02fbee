import pytest

from siweb.registry.number_keys import hold_number_keys
from siweb.settings import Settings
from tests.demonstration import make_demonstration
from tests.office_secrets import SECRETS, VARIABLES


@pytest.fixture
def office(tmp_path, monkeypatch):
    """The settings of a demonstration office on SQLite, also for commands."""
    folder = tmp_path / "office"
    make_demonstration(folder)
    monkeypatch.setenv("SIWEB_VAR_DIR", str(folder))
    settings = Settings.load()
    settings.make_secrets()
    return settings


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, office):
    """Let commands work on an empty place instead, with the office's secrets put there or not."""

    def go(database_url="", *, with_secrets=True):
        folder = tmp_path / "elsewhere"
        folder.mkdir()
        for path in office.var_dir.glob("*_key") if with_secrets else ():
            (folder / path.name).write_bytes(path.read_bytes())
            (folder / path.name).chmod(0o600)
        for name in () if with_secrets else VARIABLES:
            monkeypatch.delenv(name)
        monkeypatch.setenv("SIWEB_VAR_DIR", str(folder))
        monkeypatch.setenv("SIWEB_DATABASE_URL", database_url)
        return Settings.load()

    yield go
    # A restoring process holds the keys of what it restored.
    hold_number_keys(Settings(**SECRETS))
