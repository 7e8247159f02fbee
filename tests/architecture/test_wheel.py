"""A wheel holds all that an office needs: nothing of the repository stands beside it any more."""

import os
import subprocess
import sys
import zipfile

import pytest

from tests.architecture.sources import PACKAGE, ROOT, TEMPLATES, files

# What an administrator does first with an installed wheel, in a folder that holds nothing else.
FIRST_VISIT = """
import re, sys
from pathlib import Path

import siweb
from siweb.app import create_app
from siweb.db.engine import make_engine
from siweb.db.migrate import migrate
from siweb.settings import Settings

assert Path(siweb.__file__).is_relative_to(sys.argv[1]), siweb.__file__
settings = Settings(var_dir=Path("var"), demo=True)
settings.make_secrets()
migrate(make_engine(settings.engine_url))
visitor = create_app(settings).test_client()
home = visitor.get("/", headers={"Accept-Language": "zh-CN"})
assert home.status_code == 200
assert "办理社保年审" in home.text
style = re.search(r'href="(/static/[^"]+[.]css)"', home.text)[1]
assert visitor.get(style).status_code == 200
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built with what is installed here, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    return next(folder.glob("siweb-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(*command, cwd, path=""):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd, env=os.environ | {"PYTHONPATH": str(path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_page_figure_migration_and_the_chinese(wheel):
    expected = {
        f"siweb/{path.relative_to(base).as_posix()}"
        for base, folder in (
            (PACKAGE, PACKAGE),
            (ROOT, TEMPLATES),
            (ROOT, ROOT / "static"),
            (ROOT, ROOT / "docs" / "guide"),
        )
        for path in files(folder)
    }
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    assert {name for name in expected - held if not name.endswith(".draft")} == set()
    assert "siweb/translations/zh_Hans/LC_MESSAGES/messages.mo" in held


def test_an_installed_wheel_serves_a_chinese_page(installed, tmp_path):
    run("-c", FIRST_VISIT, installed, cwd=tmp_path, path=installed)
