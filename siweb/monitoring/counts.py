"""What every request adds to the office's counts: never who asked, of whom, or what was typed."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from flask import Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event

from siweb.monitoring.shared_counts import FOLDER, hold_room

_EXTENSION = "siweb_counts"
# Seconds: a page is made in one to ten milliseconds, and 15 s is how long a form waits.
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
# An address that leads nowhere has no route; its own text would make a count of each.
_NOWHERE = "none"
# Whatever else is sent as a method would make a count of each as well.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """How something stands at the moment; each value by the values of its labels."""

    name: str
    says: str
    values: dict[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


Gauges = Callable[[Flask], Iterable[Gauge]]


class Counts:
    """The counts of this process, and what reads those of all."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges
        self._shared = FOLDER in os.environ and hold_room()
        if self._shared and values.ValueClass is values.MutexValue:
            # Imported before a server said where its processes count.
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "siweb_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "siweb_request_seconds",
            "How long an answer took to make.",
            ("method",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.route_seconds = Counter(
            "siweb_route_seconds",
            "Seconds that answers took to make.",
            ("route",),
            registry=self._registry,
        )
        self.statements = Counter(
            "siweb_statements",
            "Statements that were put to a database.",
            ("route",),
            registry=self._registry,
        )
        self.failures = Counter(
            "siweb_failures",
            "Requests that failed: busy, away, or a fault of ours.",
            ("kind",),
            registry=self._registry,
        )

    def exposed(self, app: Flask) -> bytes:
        """Return all counts of the server, and how the office stands, as Prometheus reads it."""
        registry = CollectorRegistry()
        if self._shared:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            counts = b""
        else:
            counts = generate_latest(self._registry)
        registry.register(_Standing(self._gauges(app)))
        return counts + generate_latest(registry)


class _Standing(Collector):
    """The gauges, as the library takes them."""

    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = gauges

    def describe(self) -> list[GaugeMetricFamily]:
        # Without it the library would collect once for the names alone: every question twice.
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.says, labels=gauge.labels)
            for labels, value in gauge.values.items():
                family.add_metric(labels, value)
            yield family


class _Asked(threading.local):
    """Of the request that this thread makes: when it began, and what it asked so far."""

    began = 0.0
    statements = 0


_asked = _Asked()


@event.listens_for(Engine, "before_cursor_execute")
def _count_statement(*_given: Any) -> None:
    _asked.statements += 1


def statements_so_far() -> int:
    """Return how many statements this request has put to a database."""
    return _asked.statements


def seconds_so_far() -> float:
    """Return how long this request has taken."""
    return time.perf_counter() - _asked.began


def route() -> str:
    """Return the route of this request, which names nobody."""
    return request.endpoint or _NOWHERE


def count_failure(kind: str) -> None:
    """Count a request that failed."""
    if (counts := current_app.extensions.get(_EXTENSION)) is not None:
        counts.failures.labels(kind).inc()


def counts_of(app: Flask) -> Counts:
    """Return the counts of an app."""
    return cast("Counts", app.extensions[_EXTENSION])


def install(app: Flask, gauges: Gauges) -> None:
    """Count every request of the app."""
    counts = app.extensions[_EXTENSION] = Counts(gauges)

    @cache
    def counted(
        where: str, method: str, status: str
    ) -> tuple[Counter, Histogram, Counter, Counter]:
        """Return what a request adds to: the library finds each by its labels anew."""
        return (
            counts.requests.labels(where, method, status),
            counts.seconds.labels(method),
            counts.route_seconds.labels(where),
            counts.statements.labels(where),
        )

    def begin() -> None:
        _asked.began, _asked.statements = time.perf_counter(), 0

    def count(response: Response) -> Response:
        seconds, where = seconds_so_far(), route()
        method = request.method if request.method in _METHODS else "other"
        requests, lasted, of_route, statements = counted(where, method, str(response.status_code))
        requests.inc()
        lasted.observe(seconds)
        of_route.inc(seconds)
        statements.inc(_asked.statements)
        return response

    app.before_request(begin)
    app.after_request(count)
