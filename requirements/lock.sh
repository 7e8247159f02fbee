#!/usr/bin/env bash
# Write the locks anew from pyproject.toml's pins, each file with its hashes, for every platform.
# Each lock holds only what the ones before it do not: runtime, build, test, check. Those of docs,
# sbom and load are whole: what they install stands in an environment of its own. That of traces is
# whole as well, since it is added to the runtime's without the tests'.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" - "$work" <<'PY'
import sys
import tomllib
from pathlib import Path

config = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
extras = config["project"]["optional-dependencies"]
asked = {
    "runtime": config["project"]["dependencies"],
    "test": extras["test"],
    "check": extras["check"],
    "docs": extras["docs"],
    "build": config["build-system"]["requires"],
    "sbom": extras["sbom"],
    "load": extras["load"],
    "traces": extras["traces"],
}
for name, pins in asked.items():
    Path(sys.argv[1], f"{name}.in").write_text("\n".join(pins) + "\n", "utf-8")
PY
: > "$work/locked"
for lock in runtime build test check docs sbom load traces; do
    "${PYTHON:-python3}" -m uv pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url \
        --constraints "$work/locked" "$work/$lock.in" > "$work/$lock.all"
    # Without hashes, what is locked by now: the next locks leave it out and keep to it.
    "${PYTHON:-python3}" - "$work" "$lock" <<'PY'
import re
import sys
from pathlib import Path

work, lock = Path(sys.argv[1]), sys.argv[2]
locked = work / "locked"
before = {line.split("==")[0] for line in locked.read_text("utf-8").splitlines()}
blocks = re.split(r"\n(?=\S)", (work / f"{lock}.all").read_text("utf-8").strip())
new = [block for block in blocks if lock in {"docs", "sbom", "load", "traces"} or block.split("==")[0] not in before]
Path("requirements", f"{lock}.txt").write_text(
    "# Made by make locks from pyproject.toml; change the pins there.\n" + "\n".join(new) + "\n",
    "utf-8",
)
with locked.open("a", encoding="utf-8") as file:
    file.writelines(block.split("\n")[0].rstrip("\\ ") + "\n" for block in new)
PY
done
