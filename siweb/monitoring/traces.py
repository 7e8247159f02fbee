"""Traces for OpenTelemetry, where a collector is named: a span of each request and each statement.

Its packages come with `siweb[traces]` and are imported only then. A span says a route and never an
address, and a statement without its values: nobody stands in it. What a visitor sends of traces is
not believed, so that nobody outside decides what is kept.
"""

import threading
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event
from sqlalchemy.engine import Engine

from siweb.monitoring.counts import route
from siweb.monitoring.json_log import request_reference
from siweb.settings import SettingError, Settings

_FAILED = 500
# Longer ones are a levy's or a list's, told apart by their beginning.
_LONGEST_STATEMENT = 2_000


class _Open(threading.local):
    """The span of the request that this thread makes, and the statements under way in it."""

    span: Any = None
    tracer: Any = None

    def __init__(self) -> None:
        self.statements: list[Any] = []


_open = _Open()


def install(app: Flask, settings: Settings) -> None:
    """Send traces of the app to the collector of the settings; nothing at all without one.

    :raises SettingError: when the packages are not there.
    """
    if settings.traces_url:
        trace(app, _provider(settings.traces_url))


def trace(app: Flask, provider: Any) -> None:
    """Make a span of each request of the app, and of each statement in it, by a provider."""
    tracer = provider.get_tracer("siweb")
    kind, *_names = _kinds()

    def begin() -> None:
        _open.tracer, _open.statements = tracer, []
        # As counts know it: whatever was asked for, the route alone is told.
        _open.span = tracer.start_span(route(), kind=kind.SERVER)

    def note(response: Response) -> Response:
        if _open.span is not None:
            _open.span.set_attributes(
                {
                    "http.request.method": request.method,
                    "http.route": str(request.url_rule or ""),
                    "http.response.status_code": response.status_code,
                    # As the log and the page of a failure have it.
                    "siweb.request": request_reference(),
                }
            )
            if response.status_code >= _FAILED:
                _open.span.set_attribute("error.type", str(response.status_code))
        return response

    def end(_error: BaseException | None = None) -> None:
        if _open.span is not None:
            _open.span.end()
        _open.span = None

    app.before_request(begin)
    app.after_request(note)
    app.teardown_request(end)


def _kinds() -> tuple[Any, Any]:
    from opentelemetry.trace import SpanKind, set_span_in_context  # noqa: PLC0415 - an extra

    return SpanKind, set_span_in_context


def _provider(address: str) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingError(
            "SIWEB_TRACES_URL is set, and its packages are not installed: pip install "
            "'siweb[traces]' with requirements/traces.txt, or leave it empty."
        ) from error
    # Nothing of the machine: neither its name nor its addresses.
    provider = TracerProvider(resource=Resource({"service.name": "siweb"}))
    # In a thread of its own: a collector that does not answer holds up nobody.
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    return provider


@event.listens_for(Engine, "before_cursor_execute")
def _begin_statement(_connection: Any, _cursor: Any, statement: str, *_given: Any) -> None:
    if _open.span is None:
        return
    kind, in_context = _kinds()
    words = statement.split(None, 1)
    _open.statements.append(
        _open.tracer.start_span(
            words[0].upper() if words else "SQL",
            context=in_context(_open.span),
            kind=kind.CLIENT,
            # Values are bound, and none of them stands in the text.
            attributes={"db.query.text": statement[:_LONGEST_STATEMENT]},
        )
    )


@event.listens_for(Engine, "after_cursor_execute")
def _end_statement(*_given: Any) -> None:
    if _open.span is not None and _open.statements:
        _open.statements.pop().end()


@event.listens_for(Engine, "handle_error")
def _fail_statement(context: Any) -> None:
    if _open.span is not None and _open.statements:
        span = _open.statements.pop()
        # Its kind alone: what a database says of a failure may quote what somebody typed.
        span.set_attribute("error.type", type(context.original_exception).__name__)
        span.end()
