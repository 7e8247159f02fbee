"""The recipes of CONTRIBUTING.md, followed word by word in a scratch copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
COPIED = ("siweb", "tests", "templates", "static", "docs", "pyproject.toml", "wsgi.py", "README.md")
STEP = re.compile(
    r"^(?:Write `(?P<write>[^`]+)`|Add to `(?P<add>[^`]+)` below `(?P<below>[^`]+)`|(?P<run>Run)):"
    r"\n\n```\w+\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
RECIPES = dict(
    re.findall(
        r"^### ([^\n]+)\n(.*?)(?=^##|\Z)",
        TEXT.partition("## Recipes")[2],
        re.MULTILINE | re.DOTALL,
    )
)


@pytest.fixture
def checkout(tmp_path):
    """A copy of the project, as somebody changes it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    share_compiled(tmp_path)
    return tmp_path


def share_compiled(checkout):
    """Let a copy find what was compiled of the files that it did not change.

    Python goes by a file's time and size, which a copy keeps: compiling takes longer than a recipe.
    """
    if sys.pycache_prefix:
        place = Path(sys.pycache_prefix, *checkout.parts[1:])
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(Path(sys.pycache_prefix, *ROOT.parts[1:]), target_is_directory=True)


def write(path, block):
    assert not path.exists()
    path.write_text(block, "utf-8")


def add(path, anchor, block):
    lines = path.read_text("utf-8").splitlines(keepends=True)
    places = [number for number, line in enumerate(lines, 1) if line == f"{anchor}\n"]
    assert len(places) == 1, f"{anchor!r} stands {len(places)} times in {path.name}"
    lines.insert(places[0], block)
    path.write_text("".join(lines), "utf-8")


def run(checkout, commands):
    for command in commands.splitlines():
        ended = subprocess.run(
            command.replace("python ", f"{sys.executable} ", 1), shell=True, cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_works(title, checkout):
    steps = list(STEP.finditer(RECIPES[title]))

    assert steps[-1]["run"], "a recipe ends with what shows that it works"
    for step in steps:
        if step["write"]:
            write(checkout / step["write"], step["block"])
        elif step["add"]:
            add(checkout / step["add"], step["below"], step["block"])
        else:
            run(checkout, step["block"])
