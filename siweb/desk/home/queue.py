"""One kind of work at the desk: its words, its list, whose function it is, and what waits of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select

from siweb.auth.staff.duties import Scope
from siweb.auth.tables.appointment import Function
from siweb.desk.home.line import Kind
from siweb.registry.codes import Insurance


@dataclass(frozen=True, slots=True)
class Queue:
    """A kind of work by its name in addresses; `waiting` counts what waits on a day."""

    name: str
    title: Any
    about: Any
    function: Function
    waiting: Callable[[date, Scope], Select[int]]
    kind: Kind
    # A page where there is more to do than with what waits; `called` where not by the title.
    leads_to: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    also: tuple[Function, ...] = ()
    # The insurances that all of it is about; None named: its question says what is about which.
    insurances: frozenset[Insurance] = frozenset()
    called: Any = None
