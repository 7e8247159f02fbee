import pytest
from flask import Blueprint

from siweb.app import create_app

ID_NUMBER = "11010519491231002X"


class TypedBack(ValueError):
    pass


@pytest.fixture
def office(settings):
    """The office with a page that fails, quoting what was typed, and another that redirects."""
    office = create_app(settings)
    broken = Blueprint("broken", __name__)

    @broken.route("/broken/<typed>", methods=["GET", "POST"])
    def fail(typed):
        try:
            return {}[typed]
        except KeyError as error:
            raise TypedBack(f"{typed} is wrong") from error

    office.register_blueprint(broken)
    return office


@pytest.fixture
def visitor(office):
    """A browser that knows nothing of the office yet, English."""
    client = office.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
