"""What the office writes is its owner's alone, whatever the umask of the shell."""

import os
import stat

import pytest
from click.testing import CliRunner

from siweb.cli import main


@pytest.fixture
def generous():
    """A shell whose new files everybody reads and writes."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_nobody_else_reads_what_a_command_writes(tmp_path, monkeypatch, generous):
    folder = tmp_path / "office"
    monkeypatch.setenv("SIWEB_VAR_DIR", str(folder))

    for words in (["migrate"], ["backup"]):
        CliRunner().invoke(main, words)

    written = [folder, *folder.rglob("*")]
    assert folder / "siweb.sqlite3" in written
    assert [path for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_the_shell_keeps_its_own_umask(tmp_path, monkeypatch, generous):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))

    CliRunner().invoke(main, ["migrate"])

    assert os.umask(0) == 0
