"""What staff begin with relatives: declare one, for oneself and for a colleague, and end it."""

import re

from siweb.web.database import database
from tests import factories
from tests.pages.read_page import ReadPage
from tests.pages.refuse import refuse
from tests.second_person import check_all


def relatives(walk):
    """Declare a relative of one's own and one of a colleague's; one of both ends."""
    with walk.office.app_context(), database(walk.office).writers() as session:
        numbers = [
            factories.make_person(session, region_code="310000", name=name).id_number
            for name in ("王小妹", "李大姐")
        ]
        session.commit()
    told = {"relation": "sibling", "since_on": "2000-01-01"}
    refuse(walk, "/desk/relatives", id_number="1")
    walk.send("/desk/relatives", id_number=numbers[0], **told)
    walk.look("/desk/relatives")
    listed = ReadPage(walk.look("/desk/staff").text).pages
    for each in sorted(each for each in listed if re.fullmatch(r"/desk/staff/\d+", each)):
        # The first ones may be one's own functions: a colleague declares for those.
        if walk.look(f"{each}/relatives", data={"seen": 0}).status_code != 422:
            continue
        walk.send(f"{each}/relatives", id_number=numbers[1], **told)
        shown = walk.look(f"{each}/relatives").text
        prefix = re.search(r"end\d+-", shown)[0]
        end = f"{each}/relatives/{prefix[3:-1]}/end"
        refuse(walk, end)
        walk.send(end, **{f"{prefix}until_on": "2026-11-01", f"{prefix}because": "离婚证3号"})
        with walk.office.app_context(), database(walk.office).writers() as session:
            check_all(session)
        walk.look(f"{each}/relatives")
        break
