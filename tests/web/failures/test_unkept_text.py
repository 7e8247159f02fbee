"""A NUL is refused wherever it comes in: PostgreSQL keeps none, and nobody types one."""

import pytest

from tests import factories
from tests.sign_in import sign_in


@pytest.mark.parametrize("path", ["/verify/%00", "/documents/%00", "/%00"])
def test_nothing_has_a_nul_in_its_address(client, session, path):
    sign_in(client, session, factories.make_person(session))

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/?q=a%00b", "/?a%00=b", "/sign-in?next=%00"])
def test_an_address_with_a_nul_is_refused(client, path):
    found = client.get(path, headers={"Accept-Language": "en"})

    assert found.status_code == 400
    assert "We could not read that request" in found.text


@pytest.mark.parametrize("data", [{"id_number": "\0", "password": "x"}, {"a\0": "b"}])
def test_a_form_with_a_nul_is_refused(client, data):
    assert client.post("/sign-in", data=data).status_code == 400


def test_what_else_is_typed_passes(client):
    found = client.post("/sign-in", data={"id_number": "王\U00020000\x07", "password": "x"})

    assert found.status_code == 422
