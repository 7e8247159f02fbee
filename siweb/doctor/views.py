"""The administrator's page: what `siweb doctor` says, for who has no shell on the machine."""

import threading
import time
from datetime import datetime

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import duty
from siweb.auth.tables.appointment import Function
from siweb.doctor.certificate import certificate_findings
from siweb.doctor.finding import Finding, Health
from siweb.doctor.findings import machine_findings, work_findings
from siweb.doctor.work import database_findings, schema_findings
from siweb.registry.packs.in_force import packs_in_force
from siweb.settings import Settings
from siweb.web.database import db_session
from siweb.web.serving.readiness import OK
from siweb.web.serving.ready import ready_words

blueprint = Blueprint("doctor", __name__, url_prefix="/desk/health")
# A proxy that does not answer keeps a page waiting: not every page.
_CERTIFICATE_SECONDS = 3_600.0


class _Certificate:
    """What was found of the certificate last, and until when it is taken for that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[Settings | None, list[Finding], float] = (None, [], 0.0)

    def findings(self, settings: Settings, at: datetime) -> list[Finding]:
        with self._lock:
            of, found, until = self._found
            if of is not settings or time.monotonic() >= until:
                found = list(certificate_findings(settings, at))
                self._found = settings, found, time.monotonic() + _CERTIFICATE_SECONDS
            return found


_certificate = _Certificate()


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_health() -> str:
    shown: dict[Health, list[tuple[str, str, str]]] = {health: [] for health in Health}
    for finding in _findings():
        shown[finding.health].append(finding.in_words(_))
    return render_template("doctor/health.html", shown=shown, Health=Health)


def _findings() -> list[Finding]:
    """Return what the command finds, by the connection of this request."""
    settings: Settings = current_app.extensions["siweb_settings"]
    at, ready, session = clock.now(), ready_words(current_app), db_session()
    found = [*machine_findings(settings, at), *_certificate.findings(settings, at)]
    found.extend(database_findings(is_written=ready["database"] == OK))
    found.extend(schema_findings(is_own=ready["schema"] == OK))
    found.extend(work_findings(session, packs_in_force(session), settings, at))
    return found
