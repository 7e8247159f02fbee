"""Two months of a small office: nothing older than the last backup is lost, and what is is listed."""

import pytest
import time_machine

from tests.migrated import own_sqlite
from tests.months.days import Plan, live
from tests.months.small_office import SmallOffice


def test_months_of_an_office_with_a_lost_disk_and_a_bad_upgrade(tmp_path):
    nights = frozenset({5, 24})
    plan = Plan(2, employers=2, people=3, lost_disk=1, bad_upgrade=2, only_nights_of=nights)
    (tmp_path / "office").mkdir(mode=0o700)
    with (
        time_machine.travel(plan.first, tick=False) as travel,
        pytest.MonkeyPatch.context() as patch,
    ):
        own_sqlite(tmp_path / "office")
        office = SmallOffice(tmp_path / "office", tmp_path / "share", patch, travel)

        months = list(live(office, plan))

    assert [month.name for month in months] == ["2024-12", "2025-01"]
    assert months[1].records > months[0].records > 0
