#!/usr/bin/env bash
# Write the locks anew from pyproject.toml's pins: what pip chooses in fresh environments.
# Each lock holds only what the ones before it do not: runtime, build, test, check.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
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
    "build": config["build-system"]["requires"],
}
for name, pins in asked.items():
    Path(sys.argv[1], f"{name}.in").write_text("\n".join(pins) + "\n", "utf-8")
PY
: > "$work/known"
for lock in runtime build test check; do
    "$work/venv/bin/pip" install --quiet -c "$work/known" -r "$work/$lock.in"
    "$work/venv/bin/pip" freeze > "$work/all"
    {
        echo "# Made by make locks from pyproject.toml; change the pins there."
        grep -vxFf "$work/known" "$work/all"
    } > "requirements/$lock.txt"
    cp "$work/all" "$work/known"
done
