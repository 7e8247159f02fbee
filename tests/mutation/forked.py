"""A pytest plugin: each change is made in a fork of this process, which has everything loaded.

To start an office takes far longer than most tests. So the tests are collected once, what they
share is made once, and for each planned change a child is forked: it gives the changed functions
their new code, runs the tests that reach the line, and is gone with all that it did.

`PLAN` in the environment names the file of the plan, a line of JSON for each change; another file
beside it gets an outcome for each, as soon as it is known.
"""

import gc
import json
import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol
from sqlalchemy import Engine

ROOT = Path(__file__).parents[2]
PLAN = "SIWEB_MUTATION_PLAN"
OUTCOMES = ".outcomes"
NOTICED, SURVIVED, ENDLESS, NOT_PUT_IN = "noticed", "survived", "noticed (endless)", "not put in"
# A test that runs, or waits, without end by a change notices it; each takes far less of either.
SECONDS_OF_WORK, SECONDS_OF_ONE = 60, 240
# When a busy machine has no time for the tests that are left, nothing was noticed.
SECONDS = 300


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    path = Path(os.environ[PLAN])
    items = {item.nodeid: item for item in session.items}
    _make_what_is_shared(session)
    loaded = Loaded()
    judged: dict[pytest.Item, bool] = {}
    with Path(f"{path}{OUTCOMES}").open("a", encoding="utf-8") as told:
        for line in path.read_text("utf-8").splitlines():
            change = json.loads(line)
            tests = [items[name] for name in change["tests"] if name in items]
            outcome = _outcome_of(change, tests, judged, loaded)
            told.write(f"{json.dumps([change['number'], outcome])}\n")
            told.flush()
    session._setupstate.teardown_exact(None)
    return True


def _make_what_is_shared(session: pytest.Session) -> None:
    """Run a test on each database: both are made by this process, and outlive every child."""
    for kind in ("sqlite", "postgresql"):
        first = next((item for item in session.items if f"[{kind}" in item.nodeid), None)
        if first is not None:
            _passes(first)
    session._setupstate.teardown_exact(_Above(session))


class Loaded:
    """What a child must find. It is looked for once: who touches all objects copies all memory."""

    def __init__(self) -> None:
        # pytest's own configuration freezes what was collected, out of reach.
        gc.unfreeze()
        self.engines: list[Engine] = []
        self.caches: list[_lru_cache_wrapper[Any]] = []
        self.functions = defaultdict[str, list[FunctionType]](list)
        for each in gc.get_objects():
            if isinstance(each, Engine) and each.url.database:
                self.engines.append(each)
            elif isinstance(each, _lru_cache_wrapper):
                if str(each.__module__).startswith("siweb."):
                    self.caches.append(each)
            elif isinstance(each, FunctionType):
                self.functions[each.__code__.co_filename].append(each)
        gc.collect()
        gc.freeze()


def _outcome_of(
    change: dict[str, Any],
    tests: list[pytest.Item],
    judged: dict[pytest.Item, bool],
    loaded: Loaded,
) -> str:
    """Run tests until one notices; a test that fails without the change as well notices nothing."""
    while True:
        outcome, failed = _in_a_fork(change, tests, loaded)
        if outcome not in {NOTICED, ENDLESS} or failed is None:
            return outcome
        if tests[failed] not in judged:
            judged[tests[failed]] = _in_a_fork(None, [tests[failed]], loaded)[0] == SURVIVED
        if judged[tests[failed]]:
            return outcome
        tests = tests[failed + 1 :]


def _in_a_fork(
    change: dict[str, Any] | None, tests: list[pytest.Item], loaded: Loaded
) -> tuple[str, int | None]:
    """Return what became of a change, and which test was the last that ran."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _run_in_child(change, tests, loaded, writing)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    # Processes that a test left behind: they go with the child.
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        *begun, said = pipe.read().split("\n")
    failed = int(begun[-1]) if begun else None
    if os.WIFSIGNALED(status):
        return ENDLESS, failed
    # A child that ends without a word was ended by the change.
    return said or NOTICED, failed


def _run_in_child(
    change: dict[str, Any] | None, tests: list[pytest.Item], loaded: Loaded, writing: int
) -> NoReturn:
    """Change the code, run the tests until one fails, and say so."""
    said = NOTICED
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        for each in loaded.engines:
            # Two processes must not write through one connection.
            each.dispose(close=False)
        if change is not None and not put_in(ROOT / change["path"], change["source"], loaded):
            said = NOT_PUT_IN
        else:
            said = SURVIVED
            end = time.monotonic() + SECONDS
            for place, test in enumerate(tests):
                os.write(writing, f"{place}\n".encode())
                # By its own work, since a busy machine may leave it none for long.
                signal.setitimer(signal.ITIMER_PROF, SECONDS_OF_WORK)
                signal.alarm(SECONDS_OF_ONE)
                if not _passes(test):
                    said = NOTICED
                    break
                if time.monotonic() > end:
                    break
    finally:
        os.write(writing, said.encode())
        os._exit(0)


def put_in(path: Path, source: str, loaded: Loaded) -> bool:
    """Give the functions of a file, wherever they are kept, the code of its changed source.

    False where there is none to be given: what ran when the module was imported is done.
    """
    old, new = (
        compile(text, str(path), "exec", dont_inherit=True)
        for text in (path.read_text("utf-8"), source)
    )
    changed = {was: becomes for was, becomes in _pairs(old, new) if was != becomes}
    for cache in loaded.caches:
        cache.cache_clear()
    found = False
    for each in loaded.functions[str(path)]:
        code = changed.get(each.__code__)
        if code is not None and code.co_freevars == each.__code__.co_freevars:
            each.__code__ = code
            found = True
    return found


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield each function's code before and after, by names: a branch that never runs has none."""
    before, after = _functions(old), _functions(new)
    for key in before.keys() & after.keys():
        yield before[key], after[key]
        yield from _pairs(before[key], after[key])


def _functions(code: CodeType) -> dict[tuple[str, int], CodeType]:
    found: dict[tuple[str, int], CodeType] = {}
    counts = Counter[str]()
    for each in code.co_consts:
        if isinstance(each, CodeType):
            found[each.co_name, counts[each.co_name]] = each
            counts[each.co_name] += 1
    return found


class _Above:
    """Whoever stands above a test: what was made for them stays, for the next one may need it."""

    def __init__(self, node: pytest.Session | pytest.Item) -> None:
        self._chain = node.listchain()[: None if isinstance(node, pytest.Session) else -1]

    def listchain(self) -> list[Any]:
        return self._chain


def _passes(item: pytest.Item) -> bool:
    """Run a test; what is made for its file stays until a test of another file comes."""
    above: Any = _Above(item)
    item.session._setupstate.teardown_exact(above)
    reports = runtestprotocol(item, nextitem=above, log=False)
    return not any(report.failed for report in reports)
