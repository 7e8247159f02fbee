"""make months: 24 months of a small office; print what each came to, and fail where one must not.

`--months 6 --employers 2 --people 5` for less. Ten minutes on two cores.
"""

import argparse
import tempfile
from pathlib import Path

import pytest
import time_machine
from click import echo

from tests.migrated import own_sqlite
from tests.months.days import DEEDS, Plan, is_linear, live
from tests.months.small_office import SmallOffice

_KILOBYTE = 1_000


def main() -> None:
    """Live the months, and print a line for each as it ends."""
    asked = argparse.ArgumentParser(prog="python -m tests.months")
    asked.add_argument("--months", type=int, default=24)
    asked.add_argument("--employers", type=int, default=3)
    asked.add_argument("--people", type=int, default=8, help="at each employer, to begin with")
    given = asked.parse_args()
    plan = Plan(
        given.months, given.employers, given.people,
        lost_disk=max(1, given.months * 3 // 8), bad_upgrade=max(2, given.months * 3 // 4),
    )  # fmt: skip
    echo(
        f"| month | records | database, kB | backup, kB | {' | '.join(f'{d}, s' for d in DEEDS)} |"
    )
    echo(f"|---|{'---:|' * (3 + len(DEEDS))}")
    months = []
    with (
        tempfile.TemporaryDirectory(prefix="siweb-months-") as name,
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(plan.first, tick=False) as travel,
    ):
        folder = Path(name)
        (folder / "office").mkdir(mode=0o700)
        own_sqlite(folder / "office")
        office = SmallOffice(folder / "office", folder / "share", patch, travel)
        for month in live(office, plan):
            seconds = " | ".join(f"{month.seconds[deed]:.1f}" for deed in DEEDS)
            sizes = f"{month.database // _KILOBYTE:,} | {month.backup // _KILOBYTE:,}"
            echo(f"| {month.name} | {month.records:,} | {sizes} | {seconds} |")
            months.append(month)
    echo("Nothing older than the last backup was missing; the books balance.")
    grown = {
        "database": [each.database for each in months],
        "backup": [each.backup for each in months],
    }
    grown |= {deed: [each.seconds[deed] for each in months] for deed in DEEDS}
    if wrong := [what for what, values in grown.items() if not is_linear(values)]:
        raise SystemExit(f"More than linear: {', '.join(wrong)}.")
    echo("All of it grew at most linearly.")


main()
