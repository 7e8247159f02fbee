"""What staff begin with relatives: declare one, for oneself and for a colleague, and end it."""

import re

from sqlalchemy import select

from siweb.auth.tables.appointment import Appointment
from siweb.registry.find_person import find_person
from siweb.web.database import database
from tests import factories
from tests.pages.refuse import refuse
from tests.second_person import check_all


def relatives(walk):
    """Declare a relative of one's own and one of a colleague's; one of both ends."""
    with walk.office.app_context(), database(walk.office).writers() as session:
        numbers = [
            factories.make_person(session, region_code="310000", name=name).id_number
            for name in ("王小妹", "李大姐")
        ]
        number = walk.sign_ins["Second agency staff"]["id_number"]
        of_colleague = Appointment.person_id == find_person(session, number)
        colleague = session.scalars(select(Appointment.id).where(of_colleague)).first()
        session.commit()
    told = {"relation": "sibling", "since_on": "2000-01-01"}
    refuse(walk, "/desk/relatives", id_number="1")
    walk.send("/desk/relatives", id_number=numbers[0], **told)
    walk.look("/desk/relatives")
    page = f"/desk/staff/{colleague}/relatives"
    refuse(walk, page)
    walk.send(page, id_number=numbers[1], **told)
    prefix = re.search(r"end\d+-", walk.look(page).text)[0]
    end = f"{page}/{prefix[3:-1]}/end"
    refuse(walk, end)
    walk.send(end, **{f"{prefix}until_on": "2026-11-01", f"{prefix}because": "离婚证3号"})
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)
    walk.look(page)
