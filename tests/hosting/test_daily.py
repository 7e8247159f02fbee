"""`siweb daily`: the tasks of every day at their hours, each once, missed ones as well."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from siweb.cli.operation import daily
from siweb.clock import OFFICE_ZONE
from siweb.hosting.schedule import last_due, tasks_due
from siweb.hosting.units import TASKS

MONDAY = datetime(2026, 11, 23, 0, 16, 59, tzinfo=OFFICE_ZONE)


@pytest.mark.parametrize(
    ("when", "at", "due"),
    [
        ("*-*-* 00:17:00", "2026-11-23 00:16", "2026-11-22 00:17"),
        ("*-*-* 00:17:00", "2026-11-23 00:17", "2026-11-23 00:17"),
        ("Sun *-*-* 04:23:00", "2026-11-22 04:23", "2026-11-22 04:23"),
        ("Sun *-*-* 04:23:00", "2026-11-22 04:22", "2026-11-15 04:23"),
        ("Sun *-*-* 04:23:00", "2026-11-28 23:59", "2026-11-22 04:23"),
    ],
)
def test_when_something_was_due_last(when, at, due):
    assert last_due(when, datetime.fromisoformat(at)) == datetime.fromisoformat(due)


def test_every_task_has_an_hour_that_is_understood():
    assert all(last_due(when, MONDAY) <= MONDAY for when, _what in TASKS.values())
    with pytest.raises(ValueError, match="hourly"):
        last_due("hourly", MONDAY)


def test_a_night_brings_each_task_once_in_its_order():
    done = dict.fromkeys(TASKS, MONDAY)
    assert tasks_due(done, MONDAY) == []
    assert tasks_due(done, MONDAY + timedelta(seconds=1)) == ["day"]
    assert tasks_due(done, MONDAY + timedelta(hours=3)) == ["day", "close-day", "backup"]
    # Off for a month: once each.
    assert tasks_due(done, MONDAY + timedelta(days=30)) == list(TASKS)


def test_they_run_as_commands_and_one_that_fails_holds_up_no_other(tmp_path, monkeypatch, capsys):
    ran = []

    def run(words, **_given):
        ran.append(words[-1])
        return SimpleNamespace(returncode=int(words[-1] == "day"))

    monkeypatch.setattr(daily.subprocess, "run", run)
    file = tmp_path / "daily.json"

    daily.do_due(file, MONDAY)  # the first start of a new office
    assert ran == []
    for _time in range(2):
        daily.do_due(file, MONDAY + timedelta(hours=2))

    assert ran == ["day", "close-day"]
    assert capsys.readouterr().out == ("siweb day: failed, see above\nsiweb close-day: done\n")
    assert set(json.loads(file.read_text())) == set(TASKS)
