"""A few threads that make pages: a third of the cost of a general executor's for each request."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Made = TypeVar("Made")
Asked = tuple[asyncio.Future[Made], Callable[[], Made]]


class Threads(Generic[Made]):
    """So many threads, which live as long as the process and take what is asked for in turn.

    With `turn`, seconds, one of them works alone until something takes longer than that. Several
    that work at once take the interpreter from each other wherever one asks a database in a file,
    dozens of times in a page, and each time costs more than the asking. Without, all of them work
    at once, which is right where pages wait for a server.
    """

    def __init__(self, number: int, turn: float | None = None) -> None:
        self._queue: SimpleQueue[Asked[Made]] = SimpleQueue()
        self._number = number
        self._turn = turn
        # Whoever takes one of these works on: as many as work at once while all are quick.
        self._turns: SimpleQueue[None] = SimpleQueue()
        for _each in range(number if turn is None else 1):
            self._turns.put(None)
        # What the thread holds that has the turn: empty once it is taken away from it.
        self._held: list[None] = []
        self._begun = 0
        self._watched_in: asyncio.AbstractEventLoop | None = None
        self._started = False
        # How many are worked on or wait for a thread.
        self.asked = 0

    async def run(self, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, in a thread; it answers its own failures."""
        if not self._started:
            self._start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Made] = loop.create_future()
        self._queue.put((future, make))
        self.asked += 1
        if self.asked > 1:
            self._watch(loop)
        try:
            return await future
        finally:
            self.asked -= 1

    def _start(self) -> None:
        # Not before the first request: a process may still fork while it starts.
        self._started = True
        for _number in range(self._number):
            threading.Thread(target=self._work, name="page", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._turns.get()
            held: list[None] = [None]
            # Only who loses the turn lets another one work: going on by oneself wakes nobody.
            while held:
                self._held = held
                asked = self._queue.get()
                self._begun += 1
                _answer(*asked)

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look after a turn whether whoever has it still works on the same."""
        if self._turn is not None and self._watched_in is not loop:
            self._watched_in = loop
            loop.call_later(self._turn, self._watch_turn, loop, self._begun)

    def _watch_turn(self, loop: asyncio.AbstractEventLoop, begun: int) -> None:
        self._watched_in = None
        if self._queue.empty():
            return
        if self._begun == begun:
            self._pass_on()
        self._watch(loop)

    def _pass_on(self) -> None:
        """Take the turn away from who has it: a thread that waits takes it, or the next to end."""
        try:
            self._held.pop()
        except IndexError:
            # Nobody has it: every thread works on something long.
            return
        self._turns.put(None)


def _answer(future: asyncio.Future[Made], make: Callable[[], Made]) -> None:
    try:
        made = make()
    except BaseException as error:  # noqa: BLE001 - the one who waits gets it
        future.get_loop().call_soon_threadsafe(_fail, future, error)
    else:
        future.get_loop().call_soon_threadsafe(_give, future, made)


def _give(future: asyncio.Future[Made], made: Made) -> None:
    if not future.done():
        future.set_result(made)


def _fail(future: asyncio.Future[Made], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
