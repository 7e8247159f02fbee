"""What the tables of `make load` say of a round of visits."""

import pytest

from tests.load.report import Asked, failures, missed, rounds, table


def read(ms, at=0.0, status=200, failed=""):
    return Asked("home", is_write=False, at=at, ms=ms, status=status, failed=failed)


def sent(ms, status=303, failed=""):
    return Asked("a form", is_write=True, at=10.0, ms=ms, status=status, failed=failed)


def test_reads_and_writes_are_told_apart():
    found = rounds([*(read(number) for number in range(1, 101)), sent(900), sent(1_500)])

    assert [one.name for one in found] == ["reads", "writes", "a form", "home"]
    reads, writes = found[:2]
    assert (reads.requests, reads.rate, reads.p50, reads.p99, reads.longest) == (
        100,
        10,
        51,
        100,
        100,
    )
    assert (writes.requests, writes.longest, writes.errors) == (2, 1_500, 0)
    assert not missed(found)
    assert "home" in table("Alone", found)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (read(501), "p99 of reads is 501 ms"),
        (read(5, status=500, failed="500 instead of 200"), "1 reads failed"),
        (read(5, status=503, failed="503 instead of 200"), "1 reads failed"),
        (sent(2_001), "a writer waited 2001 ms"),
        (sent(15_000, status=503, failed="503 instead of 303"), "1 writers were sent away (503)"),
        (sent(5, status=0, failed="refused"), "1 writes failed"),
    ],
)
def test_each_bar_that_is_missed_is_named(asked, said):
    faults = missed(rounds([read(5), sent(5), asked]))

    assert any(said in fault for fault in faults)


def test_what_failed_is_told_with_how_often():
    asked = [sent(5, status=422, failed="422 instead of 303")] * 2 + [read(5, failed="refused")]

    assert failures([*asked, read(5)]) == [
        "a form: 422 instead of 303 (2 times)",
        "home: refused (1 times)",
    ]
