"""Threads that take turns: one alone while pages are quick, another one where a page is long."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from siweb.web.serving.threads import Threads

SECONDS = 10


class Works:
    """Counts how many work at once."""

    def __init__(self):
        self._lock, self._now, self.most = threading.Lock(), 0, 0

    def __call__(self):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        # As a statement does: the interpreter is free meanwhile.
        threading.Event().wait(0.001)
        with self._lock:
            self._now -= 1
        return threading.current_thread()


def in_a_loop(awaited):
    # In a thread of its own: a browser that is open in this process has this thread's loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, awaited).result()


def run(threads, *makes):
    async def together():
        return await asyncio.wait_for(asyncio.gather(*map(threads.run, makes)), SECONDS)

    return in_a_loop(together())


def test_quick_ones_are_made_one_after_the_other():
    work = Works()

    makers = run(Threads(4, turn=5.0), *[work] * 12)

    assert work.most == 1
    assert len(set(makers)) == 1


def test_without_turns_all_threads_work_at_once():
    together = threading.Barrier(4, timeout=SECONDS)

    assert sorted(run(Threads(4), *[together.wait] * 4)) == [0, 1, 2, 3]


def test_a_long_one_holds_up_the_others_for_a_turn_alone():
    threads, ended = Threads(3, turn=0.005), threading.Event()

    def end():
        ended.set()
        return "short"

    # The first two only end once the third has been made.
    found = run(threads, lambda: ended.wait(SECONDS), lambda: ended.wait(SECONDS), end)

    assert found == [True, True, "short"]
    # Whoever was long takes its turn again, in another loop as well.
    work = Works()
    run(threads, *[work] * 6)
    assert work.most <= 2


def test_when_all_are_long_the_first_that_ends_goes_on():
    threads, may_end = Threads(2, turn=0.005), threading.Event()

    async def together():
        long = [asyncio.ensure_future(threads.run(lambda: may_end.wait(SECONDS))) for _ in range(2)]
        late = asyncio.ensure_future(threads.run(lambda: "late"))
        await asyncio.sleep(0.05)
        assert not late.done()
        may_end.set()
        return await asyncio.wait_for(asyncio.gather(*long, late), SECONDS)

    assert in_a_loop(together()) == [True, True, "late"]


def test_a_failure_reaches_who_asked():
    def fail():
        raise LookupError

    with pytest.raises(LookupError):
        run(Threads(2, turn=0.005), fail)
