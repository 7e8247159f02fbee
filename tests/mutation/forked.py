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
from collections import Counter
from collections.abc import Iterator
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
# A change that runs without end counts as noticed; so many tests take far less.
SECONDS = 150


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    path = Path(os.environ[PLAN])
    items = {item.nodeid: item for item in session.items}
    _make_what_is_shared(session)
    judged: dict[pytest.Item, bool] = {}
    with Path(f"{path}{OUTCOMES}").open("a", encoding="utf-8") as told:
        for line in path.read_text("utf-8").splitlines():
            change = json.loads(line)
            tests = [items[name] for name in change["tests"] if name in items]
            told.write(f"{json.dumps([change['number'], _outcome_of(change, tests, judged)])}\n")
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
    # What the children must find: pytest's own configuration freezes it, out of reach.
    gc.unfreeze()


def _outcome_of(
    change: dict[str, Any], tests: list[pytest.Item], judged: dict[pytest.Item, bool]
) -> str:
    """Run tests until one notices; a test that fails without the change as well notices nothing."""
    while True:
        outcome, failed = _in_a_fork(change, tests)
        if outcome != NOTICED or failed is None:
            return outcome
        if tests[failed] not in judged:
            judged[tests[failed]] = _in_a_fork(None, [tests[failed]])[0] == SURVIVED
        if judged[tests[failed]]:
            return outcome
        tests = tests[failed + 1 :]


def _in_a_fork(change: dict[str, Any] | None, tests: list[pytest.Item]) -> tuple[str, int | None]:
    """Return what became of a change, and which of the tests failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _run_in_child(change, tests, writing)
    os.close(writing)
    end = time.monotonic() + SECONDS
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > end:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return ENDLESS, None
        time.sleep(0.005)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    # A child that ends without a word was ended by the change.
    outcome, _space, failed = (said or NOTICED).partition("|")
    return outcome, int(failed) if failed else None


def _run_in_child(
    change: dict[str, Any] | None, tests: list[pytest.Item], writing: int
) -> NoReturn:
    """Change the code, run the tests until one fails, and say so."""
    said = NOTICED
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        for each in gc.get_objects():
            # Two processes must not write through one connection.
            if isinstance(each, Engine) and each.url.database:
                each.dispose(close=False)
        if change is not None and not put_in(ROOT / change["path"], change["source"]):
            said = NOT_PUT_IN
        else:
            failed = next((place for place, test in enumerate(tests) if not _passes(test)), None)
            said = SURVIVED if failed is None else f"{NOTICED}|{failed}"
    finally:
        os.write(writing, said.encode())
        os._exit(0)


def put_in(path: Path, source: str) -> bool:
    """Give the functions of a file, wherever they are kept, the code of its changed source.

    False where there is none to be given: what ran when the module was imported is done.
    """
    old, new = (
        compile(text, str(path), "exec", dont_inherit=True)
        for text in (path.read_text("utf-8"), source)
    )
    changed = {was: becomes for was, becomes in _pairs(old, new) if was != becomes}
    found = False
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper) and str(each.__module__).startswith("siweb."):
            each.cache_clear()
        if not isinstance(each, FunctionType) or each.__code__.co_filename != str(path):
            continue
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
