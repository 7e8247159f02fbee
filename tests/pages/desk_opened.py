"""What staff open at the desk: people at the counter, campaigns, agencies, employers."""

from datetime import date

from sqlalchemy import select

from siweb.registry.tables.employer import Employer
from siweb.web.database import database
from tests.factories import make_id_number
from tests.pages.refuse import refuse


def counter(walk):
    """Register somebody at the counter, say how they are reached, give them a code."""
    page = "/desk/counter/register"
    refuse(walk, page, id_number="1")
    person = walk.send(
        page,
        id_number=make_id_number(date(1991, 6, 4), 904),
        name="窗口登记",
        region="310000",
        category="female50",
    )
    walk.look(person)
    refuse(walk, f"{person}/contact", **{"contact-mobile": "1"})
    refuse(walk, f"{person}/code", **{"code-handed": "by_post"})
    walk.look(f"{person}/code", data={"seen": 0, "code-handed": "at_counter"})


def opening(walk):
    """Open a campaign, name an agency, register an employer at the counter: forms refused first."""
    refuse(walk, "/desk/campaigns", year="1")
    refuse(walk, "/desk/agencies", name_zh="")
    refuse(walk, "/desk/office", name_zh="")
    walk.look("/office/emblem.png")
    refuse(walk, "/desk/employers/register", uscc="1")
    with database(walk.office).readers() as session:
        uscc = session.scalars(select(Employer.uscc)).first()
    walk.look(f"/desk/employers/{uscc}/owner")
    refuse(walk, f"/desk/employers/{uscc}/owner", id_number="1")
