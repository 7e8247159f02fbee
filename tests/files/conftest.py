import pytest

from tests.files.object_store import serving


@pytest.fixture
def object_store():
    with serving() as store:
        yield store
