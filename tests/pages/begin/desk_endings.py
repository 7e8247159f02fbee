"""What two people end at the desk: a claim, the time that scans are kept, a campaign's last day."""

from datetime import date

from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.web.database import database
from tests.keeping.old_scans import make_old_scan
from tests.pages.read_page import ReadPage
from tests.pages.refuse import refuse
from tests.papers import paper
from tests.second_person import check_all

DUE = "/desk/keeping/due?region=310000&kept=complaints"


def check(walk):
    """Let a second person check what waits."""
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)


def endings(walk):
    """Write a bill off, destroy a scan, reopen a campaign: each page before and after."""
    written_off(walk)
    destroyed(walk)
    reopened(walk)


def written_off(walk):
    owing = ReadPage(walk.look("/desk/arrears").text).pages
    arrears = next(each for each in owing if each.startswith("/desk/arrears/"))
    page = f"{arrears}/write-off"
    walk.look(page)
    walk.send(
        page,
        **{"off-cause": "deregistered", "off-legal_basis": "企业破产法", "off-decided_by": "市局"},
        **paper("off-paper", kind="letter"),
        **paper("off-approval", kind="decision"),
    )
    walk.look(page)
    task = next(each for each in ReadPage(walk.look(page).text).pages if "/desk/tasks/" in each)
    walk.look(task)
    check(walk)
    walk.look(page)
    walk.look(arrears)
    refuse(walk, f"{arrears}/reinstate")


def destroyed(walk):
    refuse(walk, "/desk/keeping/terms", **{"term-region": "310000"})
    refuse(walk, "/desk/keeping/holds")
    with database(walk.office).writers() as session:
        make_old_scan(session)
        session.commit()
    walk.look("/desk/keeping")
    walk.look(DUE)
    refuse(walk, DUE)
    walk.send(DUE, **paper("because", "鉴定意见1号", kind="decision"))
    walk.look(DUE)
    check(walk)
    shown = ReadPage(walk.look("/desk/keeping").text).pages
    walk.look(next(each for each in shown if "/destroyed?" in each))


def reopened(walk):
    with database(walk.office).writers() as session:
        campaign = Campaign(
            region_code="310000", kind=ReviewKind.RECORD_CHECK, year=2024,
            period_from_month="2024-01", period_to_month="2024-12", opens_on=date(2025, 1, 1),
            closes_on=date(2025, 3, 31), rules={},
        )  # fmt: skip
        session.add(campaign)
        session.commit()
        page = f"/desk/campaigns/{campaign.id}"
    walk.look(page)
    walk.look(f"{page}/reopening")
    refuse(walk, f"{page}/reopen")
    walk.send(
        f"{page}/reopen",
        **{"reopen-until": "2026-12-31"},
        **paper("reopen-because", kind="decision"),
    )
    check(walk)
    walk.look(f"{page}/reopening")
