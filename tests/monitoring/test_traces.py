"""Traces for OpenTelemetry: a span of each request and statement, and nobody in any of them."""

import os
import sys
from dataclasses import replace

import pytest

from siweb.app import create_app
from siweb.monitoring import traces
from siweb.settings import SettingError
from siweb.web.database import open_database
from tests import factories
from tests.sign_in import sign_in
from tests.web.conftest import BROKEN, ID_NUMBER

COLLECTOR = "http://127.0.0.1:4318/v1/traces"


@pytest.fixture
def spans():
    """A provider that keeps its spans here, and a way to see them."""
    try:
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    except ImportError:
        missing = "no OpenTelemetry: the lock of the tests is newer than what is installed"
        (pytest.fail if os.environ.get("SIWEB_TEST_ALL") else pytest.skip)(missing)
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider, exporter.get_finished_spans
    provider.shutdown()


def said(found):
    return " ".join(f"{span.name} {dict(span.attributes)} {span.events}" for span in found)


def test_a_request_and_its_statements_are_spans_with_nobody_in_them(app, settings, session, spans):
    provider, finished = spans
    # One of its own, which has answered nothing yet, on the database of this test.
    office = create_app(settings, app.extensions["siweb_database"])
    office.extensions["siweb_access_log"] = app.extensions["siweb_access_log"]
    traces.trace(office, provider)
    client = office.test_client()
    person = factories.make_person(session, name="张伟")
    sign_in(client, session, person)

    answer = client.get(f"/record/2026?of={person.id_number}&name=张伟")

    found = finished()
    (request,) = (span for span in found if span.name == "ledgers.show_year")
    statements = [span for span in found if span.parent and span.parent.span_id
                  == request.context.span_id]  # fmt: skip
    assert request.attributes["http.route"] == "/record/<int:year>"
    assert request.attributes["http.response.status_code"] == answer.status_code == 200
    assert request.attributes["siweb.request"] == answer.headers["X-Request-ID"]
    assert "SELECT" in {span.name for span in statements}
    for word in (person.id_number, "张伟", person.id_number[-4:], "of="):
        assert word not in said(found)


def test_a_failure_is_told_by_its_kind_alone(build_office, settings, spans):
    provider, finished = spans
    # One that no other test has asked before: offices of the same settings are built once.
    office = build_office(replace(settings, idle_minutes=29), BROKEN)
    office.extensions["siweb_database"] = open_database(settings.engine_url)
    traces.trace(office, provider)

    office.test_client().get(f"/broken/{ID_NUMBER}?name=张伟")

    (request,) = (span for span in finished() if span.name == "broken.fail")
    assert request.attributes["error.type"] == "500"
    assert ID_NUMBER not in said(finished())
    assert "张伟" not in said(finished())


def test_without_a_collector_nothing_is_loaded(build_office, settings, monkeypatch):
    monkeypatch.setattr(traces, "trace", None)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    assert build_office(settings).test_client().get("/healthz").status_code == 200


def test_a_collector_without_the_packages_stops_the_start(build_office, settings, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("opentelemetry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    with pytest.raises(SettingError, match="not installed"):
        build_office(replace(settings, traces_url=f"{COLLECTOR}/missing"))


def test_with_both_the_office_sends_its_traces(build_office, settings, spans, monkeypatch):
    _provider, _finished = spans
    made = []
    monkeypatch.setattr(traces, "trace", lambda _app, provider: made.append(provider))

    build_office(replace(settings, traces_url=COLLECTOR))

    (provider,) = made
    assert dict(provider.resource.attributes) == {"service.name": "siweb"}
    provider.shutdown()
