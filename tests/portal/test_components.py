"""The page that shows every component: on a demonstration, and nowhere else."""

import dataclasses

import pytest

from siweb.app import create_app


@pytest.mark.parametrize(("is_demonstration", "status"), [(True, 200), (False, 404)])
def test_only_a_demonstration_shows_the_components(settings, is_demonstration, status):
    office = create_app(dataclasses.replace(settings, demo=is_demonstration))

    page = office.test_client().get("/components", headers={"Accept-Language": "en"})

    assert page.status_code == status
    assert ("error-summary" in page.text) == is_demonstration
