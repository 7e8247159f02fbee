"""A supervisor of a province is appointed by command and at the desk, by two."""

import re

from tests.cli.office.new_office import CLERK, FIRST, SECOND
from tests.cli.office.test_first_office import office, opened, staffed
from tests.papers import paper

__all__ = ["office", "opened", "staffed"]


def test_a_supervisor_is_appointed_for_a_province_by_command_and_at_the_desk(staffed):
    told = staffed.run("person", "--id-number", CLERK, "--name", "王芳", "--region", "310000",
                "--operator", FIRST)  # fmt: skip
    words = ("staff", "appoint", "audit", "--id-number", CLERK, "--because", "任命",
             "--operator", FIRST, "--area")  # fmt: skip
    assert "a province in which this office works" in staffed.run(*words, "330000", exit_code=2)
    desk = staffed.browser(FIRST)
    form = {"id_number": CLERK, "function": "review", "agency": "area-310000",
            **paper("because", "任命")}  # fmt: skip
    assert "somebody only audits" in desk.post("/desk/staff", data=form).text
    elsewhere = form | {"function": "audit", "agency": "area-330000"}
    assert desk.post("/desk/staff", data=elsewhere).status_code == 422

    assert desk.post("/desk/staff", data=form | {"function": "audit"}).status_code == 303
    listed = staffed.run("tasks", "list")
    assert "王芳 · Shanghai, all regions: — -> Audit" in listed
    staffed.run("tasks", "approve", listed.split()[0], "--operator", SECOND)

    assert "Shanghai, all regions" in desk.get("/desk/staff").text
    assert "王芳 audit Shanghai, all regions" in staffed.run("staff", "list")
    staffed.run("staff", "set-up-code", "--id-number", CLERK, "--operator", SECOND)
    clerk = staffed.browser(CLERK, re.search(r"code: (\S+)", told)[1])
    assert "Shanghai, all regions" in clerk.get("/desk").text
    assert clerk.post("/desk/staff", data=form).status_code == 404
    assert "holds that function there already" in staffed.run(*words, "310000", exit_code=1)
