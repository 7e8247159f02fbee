import pytest
from flask import Blueprint

from siweb.audit.access_log.store import AccessLog
from siweb.web.database import open_database

ID_NUMBER = "11010519491231002X"


class TypedBack(ValueError):
    pass


BROKEN = Blueprint("broken", __name__)


@BROKEN.route("/broken/<typed>", methods=["GET", "POST"])
def fail(typed):
    try:
        return {}[typed]
    except KeyError as error:
        raise TypedBack(f"{typed} is wrong") from error


@pytest.fixture
def office(build_office, settings):
    """The office, its database still empty, with a page that fails, quoting what was typed."""
    office = build_office(settings, BROKEN)
    office.config["WTF_CSRF_ENABLED"] = True
    office.extensions["siweb_database"] = open_database(settings.engine_url)
    office.extensions["siweb_access_log"] = AccessLog(None, settings.var_dir)
    return office


@pytest.fixture
def visitor(office):
    """A browser that knows nothing of the office yet, English."""
    client = office.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
