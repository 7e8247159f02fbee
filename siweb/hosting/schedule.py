"""When the tasks of every day are due, where no timers of systemd ask for them: in containers."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from siweb.hosting.units import TASKS

_WHEN = re.compile(r"(?:(?P<day>\w{3}) )?\*-\*-\* (?P<hour>\d\d):(?P<minute>\d\d):00")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def last_due(when: str, at: datetime) -> datetime:
    """Return the last instant, not after another one, at which something was due.

    :raises ValueError: when it is no hour of a day or of a day of the week.
    """
    found = _WHEN.fullmatch(when)
    if found is None:
        raise ValueError(when)
    due = at.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0)
    if due > at:
        due -= timedelta(days=1)
    if found["day"]:
        due -= timedelta(days=(due.weekday() - _DAYS.index(found["day"])) % len(_DAYS))
    return due


def tasks_due(done: Mapping[str, datetime], at: datetime) -> list[str]:
    """Return the tasks that are due, in the order of a night; `done` is when each was done last.

    One that was missed while the machine was off is due once, however often it was.
    """
    due = {task: last_due(when, at) for task, (when, _what) in TASKS.items()}
    return [task for task in TASKS if done.get(task, due[task]) < due[task]]
