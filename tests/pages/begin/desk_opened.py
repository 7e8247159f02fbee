"""What staff open at the desk: people at the counter, campaigns, agencies, employers."""

from datetime import date

from sqlalchemy import select

from siweb import clock
from siweb.audit.actor import Actor
from siweb.auth.credentials.account import account_of
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.reviews.begin.counter_codes import make_counter_code
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.web.database import database
from tests.factories import make_id_number
from tests.pages.read_page import ReadPage
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
    walk.look(f"{person}/phone")
    go_on_by_phone(walk)


def go_on_by_phone(walk):
    """Begin a review for somebody who stands there with their phone."""
    number = walk.sign_ins["Pension recipient (overdue)"]["id_number"]
    with database(walk.office).readers() as session:
        phone = f"/desk/counter/{find_person(session, number)}/phone"
        due = session.scalars(select(Campaign.id).where(Campaign.kind == ReviewKind.CERTIFICATION))
        campaigns = due.all()
    refuse(walk, phone)
    offered = walk.look(phone).text
    chosen = next(each for each in campaigns if f'value="{each}"' in offered)
    walk.look(phone, data={"seen": 0, "campaign": chosen})


def from_counter(walk):
    """Scan the code that the counter shows for one's own case."""
    campaign = ReadPage(walk.look("/reviews").text).value_of("campaign")
    with database(walk.office).writers() as session:
        me = find_person(session, walk.sign_ins["Employee (all correct)"]["id_number"])
        by = Actor(session.scalars(account_of(me)).one().id, me)
        packs, on, at = packs_in_force(session), clock.today(), clock.now()
        code = make_counter_code(session, int(campaign), me, packs=packs, actor=by, on=on, at=at)
        session.commit()
    walk.look(f"/reviews/counter/{code}")
    refuse(walk, "/reviews/counter/3")
    walk.send(f"/reviews/counter/{code}")
    walk.look("/reviews/now")


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
