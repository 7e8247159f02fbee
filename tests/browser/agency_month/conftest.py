"""An empty office, and the day on which it is opened."""

import pytest
import time_machine

from tests.browser.agency_month.stage import Stage, at
from tests.cli.office.new_office import INIT, go_to


@pytest.fixture
def build_stage(build_office, tmp_path, monkeypatch):
    """Open the office; with a browser, or without one."""
    go_to(tmp_path, monkeypatch)
    stages = []
    with time_machine.travel(at(11, 2), tick=False) as clock:

        def build(browser=None):
            stage = Stage(tmp_path, browser, clock, build_office)
            stage.office.run("migrate")
            stage.office.run(*INIT)
            stage.begin()
            stages.append(stage)
            return stage

        yield build
        for stage in stages:
            stage.close()
    assert not [error for stage in stages for error in stage.errors]
