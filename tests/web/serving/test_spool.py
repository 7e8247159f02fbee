"""Short bodies lie in memory, long ones on disk, and together they never take more than is set."""

from types import SimpleNamespace

import pytest

from siweb.web.serving import spool as spool_module
from siweb.web.serving.limits import Limits
from siweb.web.serving.spool import IN_MEMORY, Budget, NoRoom, Spool


@pytest.fixture
def make_budget(tmp_path):
    def make(**limits):
        return Budget(tmp_path, Limits(**{"reserve_bytes": 0, **limits}))

    return make


def is_on_disk(spool):
    return spool.file._rolled


def test_a_short_body_stays_in_memory_up_to_the_byte(make_budget):
    with Spool(make_budget()) as spool:
        spool.write(b"x" * IN_MEMORY)
        assert not is_on_disk(spool)

        spool.write(b"y")

        assert is_on_disk(spool)
        assert b"".join(spool.parts()) == b"x" * IN_MEMORY + b"y"


def test_with_memory_in_use_a_short_one_goes_to_disk(make_budget):
    budget = make_budget(memory_bytes=10)
    with Spool(budget) as first, Spool(budget) as second, Spool(budget) as third:
        first.write(b"x" * 10)
        second.write(b"y")
        first.close()
        third.write(b"z" * 10)

        assert is_on_disk(second)
        assert not is_on_disk(third)


def test_all_of_them_take_no_more_than_is_set_aside(make_budget):
    budget = make_budget(spool_bytes=10)
    with Spool(budget) as first, Spool(budget) as second:
        first.write(b"x" * 10)

        with pytest.raises(NoRoom):
            second.write(b"y")

        first.close()
        second.write(b"y" * 10)
    assert budget.bytes_in_use == 0


def test_the_disk_keeps_its_reserve_for_the_database(make_budget, monkeypatch):
    budget = make_budget(reserve_bytes=1_000)
    monkeypatch.setattr(
        spool_module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=999)
    )
    with Spool(budget) as spool:
        spool.write(b"short")

        with pytest.raises(NoRoom):
            spool.write(b"x" * IN_MEMORY)

    monkeypatch.setattr(
        spool_module.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000)
    )
    with Spool(budget) as spool:
        spool.write(b"x" * (IN_MEMORY + 1))
    assert budget.bytes_in_use == 0


def test_a_full_disk_is_no_failure_of_the_office(make_budget, monkeypatch):
    def full(_data):
        raise OSError(28, "No space left on device")

    with Spool(make_budget()) as spool:
        monkeypatch.setattr(spool.file, "write", full)

        with pytest.raises(NoRoom):
            spool.write(b"x")


def test_closing_twice_gives_back_once(make_budget):
    budget = make_budget()
    with Spool(budget) as kept, Spool(budget) as spool:
        kept.write(b"abc")
        spool.write(b"abc")
        spool.close()
        spool.close()

        assert budget.bytes_in_use == 3
