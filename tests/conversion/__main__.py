"""Convert an office of the version before, made by that version itself, with the present code.

`make convert-trial` runs it: the version before comes from the repository's own history.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

# The last version before tables became STRICT (migration 0043): everything since is converted.
BEFORE = "8535e7d"
HERE = Path(__file__).resolve().parents[2]


def main() -> None:
    """Make, convert and prove; end with 1 where the books do not balance before or after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", default=BEFORE, help="the version that makes the office")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--database-url", default="", help="an empty one; SQLite when not given")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="siweb-before-") as folder:
        old = Path(folder) / "before"
        unpack(given.before, old)
        var = Path(folder) / "var"
        environ = {name: value for name, value in os.environ.items() if "SIWEB_" not in name}
        environ |= {"SIWEB_VAR_DIR": str(var), "SIWEB_DATABASE_URL": given.database_url}
        # A copy beside its code, so that nothing of the present version is on its path.
        script = old / "make_office.py"
        script.write_text((HERE / "tests/conversion/made_before.py").read_text("utf-8"), "utf-8")
        run(f"An office of {given.people} people", old, environ, str(script), str(given.people))
        run("siweb migrate", HERE, environ, "-m", "siweb", "migrate")
        run("siweb check", HERE, environ, "-m", "siweb", "check")
        run("siweb migrate, once more", HERE, environ, "-m", "siweb", "migrate")


def unpack(version: str, folder: Path) -> None:
    """Lay the files of a version of this repository into a folder."""
    folder.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(HERE), "archive", version, "siweb", "templates", "static"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)


def run(what: str, code: Path, environ: dict[str, str], *arguments: str) -> None:
    """Run Python with one version's code, and say how long it took."""
    started = time.perf_counter()
    click.echo(f"\n== {what}")
    found = subprocess.run(
        [sys.executable, *arguments], cwd=code, env=environ | {"PYTHONPATH": str(code)}, check=False
    )
    click.echo(f"== {time.perf_counter() - started:.1f} s")
    if found.returncode:
        sys.exit(1)


if __name__ == "__main__":
    main()
