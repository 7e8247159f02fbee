"""How fast the rules compute: one person with and without steps, a million people set-based.

The set-based run evaluates the formulas of `siweb.rules.contributions.premium` inside SQLite, on
one connection and on one for each core; beside it a loop in `Decimal` does the same as one would
write it by hand.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Select, Table, func, insert, select

from siweb.db.arithmetic import SQL, whole
from siweb.db.engine import READ_ONLY, make_engine
from siweb.rules.contributions.premium import (
    PremiumTerms,
    base_used,
    compute_premium,
    explain_premium,
)
from siweb.rules.numbers.arithmetic import share_of
from siweb.rules.parameters.load import load_packs

_FEN = Decimal("0.01")
_CHECKED = 20_000
# A fraction of a second is easily disturbed: the quickest of some counts.
_SHORT_ROUNDS = 3
# Two rates each for five insurances: ten amounts a person, none of them zero.
TERMS = tuple(
    PremiumTerms(insurance, 716_200, 3_581_100, employer, employee)
    for insurance, employer, employee in (
        ("pension", 160_000, 80_000),
        ("medical", 98_000, 20_000),
        ("unemployment", 5_000, 5_000),
        ("supplement", 8_000, 2_000),
        ("annuity", 80_000, 40_000),
    )
)
_people = Table(
    "people", MetaData(), Column("id", Integer, primary_key=True), Column("declared", Integer)
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds for all, and what was found, to be held against the others."""

    name: str
    seconds: float
    totals: tuple[int, ...]


def measure_one_person(rounds: int) -> dict[str, float]:
    """Return the microseconds for ten amounts of one person, without and with their steps."""
    computed = _seconds(rounds, lambda: [compute_premium(terms, 1_234_567) for terms in TERMS])
    explained = _seconds(rounds, lambda: [explain_premium(terms, 1_234_567) for terms in TERMS])
    return {
        "compute": computed / rounds * 1_000_000,
        "explain": explained / rounds * 1_000_000,
    }


def measure_packs() -> float:
    """Return the milliseconds to read and check all shipped packs, as a process does once."""
    load_packs.cache_clear()
    return _seconds(1, load_packs) * 1_000


def measure_many(people: int) -> list[Measured]:
    """Return the Decimal loop, then the set-based runs, over the same people.

    :raises ValueError: when two of them differ by a fen, in a total or for one person.
    """
    declared = _declared_bases(people)
    with _database(declared) as engine:
        cores = sorted({1, os.cpu_count() or 1})
        found = [
            _decimal_loop(declared),
            *(_set_based(engine, people, connections) for connections in cores),
        ]
        _hold_person_by_person(engine, declared)
    for each in found[1:]:
        if each.totals != found[0].totals:
            raise ValueError(f"{each.name} differs from {found[0].name}")
    return found


def _seconds(rounds: int, run: Callable[[], object]) -> float:
    started = time.perf_counter()
    for _ in range(rounds):
        run()
    return time.perf_counter() - started


def _declared_bases(people: int) -> list[int]:
    chance = random.Random(2025)
    return [chance.randrange(200_000, 6_000_000) for _ in range(people)]


@contextmanager
def _database(declared: Sequence[int]) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'people.sqlite3'}")
        with engine.begin() as connection:
            _people.create(connection)
            connection.execute(insert(_people), [{"declared": fen} for fen in declared])
        yield engine
        engine.dispose()


def _amounts(first: int, last: int) -> Select[Any]:
    """Return a statement for the ten amounts of the people from one id to another, in order."""
    terms = TERMS[0]
    base = base_used(whole(_people.c.declared), terms.base_floor, terms.base_ceiling, SQL)
    within = _people.c.id.between(first, last)
    # The limit keeps SQLite from copying the base's expression into each of the ten amounts.
    bases = select(base.label("base")).where(within).order_by(_people.c.id).limit(-1).subquery()
    rates = (rate for terms in TERMS for rate in (terms.employer_rate, terms.employee_rate))
    # No terms here have a fixed addition, so that a premium is the share of the base.
    shares = (share_of(bases.c.base, rate) for rate in rates)
    return select(*(share.label(f"amount_{number}") for number, share in enumerate(shares)))


def _set_based(engine: Engine, people: int, connections: int) -> Measured:
    def run(part: int) -> tuple[int, ...]:
        first, last = people * part // connections + 1, people * (part + 1) // connections
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            return tuple(connection.exec_driver_sql(_totals(engine, first, last)).one())

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(run, range(connections)))  # opens the connections, reads the file once
        seconds = []
        for _ in range(_SHORT_ROUNDS):
            started = time.perf_counter()
            parts = list(pool.map(run, range(connections)))
            seconds.append(time.perf_counter() - started)
    name = f"SQLite, {connections} connection{'s' if connections > 1 else ''}"
    totals = tuple(sum(column) for column in zip(*parts, strict=True))
    return Measured(name, min(seconds), totals)


def _totals(engine: Engine, first: int, last: int) -> str:
    """Return the SQL for the ten sums, with the terms written into it as a levy's are fixed."""
    amounts = _amounts(first, last).subquery()
    totals = select(*(func.sum(column) for column in amounts.c))
    return str(totals.compile(engine, compile_kwargs={"literal_binds": True}))


def _decimal_loop(declared: Sequence[int]) -> Measured:
    limits = Decimal(TERMS[0].base_floor) / 100, Decimal(TERMS[0].base_ceiling) / 100
    rates = [
        (Decimal(terms.employer_rate) / 1_000_000, Decimal(terms.employee_rate) / 1_000_000)
        for terms in TERMS
    ]
    totals = [Decimal(0)] * (2 * len(rates))
    started = time.perf_counter()
    for fen in declared:
        wage = Decimal(fen) / 100
        for number, (employer, employee) in enumerate(rates):
            share, other = _decimal_premium(wage, limits, employer, employee)
            totals[2 * number] += share
            totals[2 * number + 1] += other
    seconds = time.perf_counter() - started
    return Measured("Decimal loop", seconds, tuple(int(total * 100) for total in totals))


def _decimal_premium(
    wage: Decimal, limits: tuple[Decimal, Decimal], employer: Decimal, employee: Decimal
) -> tuple[Decimal, Decimal]:
    base = min(max(wage, limits[0]), limits[1])
    return (
        (base * employer).quantize(_FEN, ROUND_HALF_UP),
        (base * employee).quantize(_FEN, ROUND_HALF_UP),
    )


def _hold_person_by_person(engine: Engine, declared: Sequence[int]) -> None:
    with engine.connect() as connection:
        rows = connection.execute(_amounts(1, min(_CHECKED, len(declared))))
        for fen, amounts in zip(declared, rows, strict=False):
            premiums = [compute_premium(terms, fen) for terms in TERMS]
            expected = [fen for each in premiums for fen in (each.employer, each.employee)]
            if list(amounts) != expected:
                raise ValueError(f"for {fen} fen {amounts} is not {expected}")
