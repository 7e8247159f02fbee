"""The processes of the suite begin with what takes longest."""

from collections import OrderedDict
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.suite.by_file import LONGEST, ByFile

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("scope", LONGEST)
def test_what_is_known_to_be_long_is_there(scope):
    assert (REPOSITORY / scope.partition(" ")[0]).exists()


def test_the_longest_is_taken_first(monkeypatch):
    taken = []
    scheduler = ByFile.__new__(ByFile)
    scheduler.workqueue = OrderedDict.fromkeys(["tests/a.py", LONGEST[1], "tests/b.py", LONGEST[0]])
    monkeypatch.setattr(
        LoadScopeScheduling,
        "_assign_work_unit",
        lambda self, _node: taken.append(self.workqueue.popitem(last=False)[0]),
    )

    while scheduler.workqueue:
        scheduler._assign_work_unit(None)

    assert taken == [*LONGEST[:2], "tests/a.py", "tests/b.py"]


@pytest.mark.parametrize(
    ("test", "scope"),
    [
        ("tests/pages/test_pages.py::test_every_page[zh-Hans]", "tests/pages zh-Hans"),
        (
            "tests/pages/test_growth.py::test_every_job_is_counted[sqlite-none]",
            "tests/pages/test_growth.py sqlite-none",
        ),
        (
            "tests/web/failures/test_every_route.py::test_no_form[/a::b]",
            "tests/web/failures/test_every_route.py",
        ),
    ],
)
def test_what_shares_its_beginning_shares_a_process(test, scope):
    assert ByFile.__new__(ByFile)._split_scope(test) == scope
