"""What staff begin with other offices' lists: hand one in, name its columns, look at what it says."""

import re
from datetime import date
from io import BytesIO

from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.web.database import database
from tests import factories
from tests.pages.read_page import ReadPage
from tests.pages.refuse import refuse
from tests.papers import paper
from tests.second_person import check_all


def signs(walk):
    """Hand in another office's list, name its columns, take it in, and look at what it says."""
    refuse(walk, "/desk/signs/lists", office="")
    with walk.office.app_context(), database(walk.office).writers() as session:
        person = factories.make_person(session, region_code="310000", name="吴刚")
        session.add(
            Benefit(
                person_id=person.id, region_code="310000", kind=BenefitKind.PENSION,
                monthly_fen=300_000, from_month="2020-01", state=BenefitState.ACTIVE,
                certified_on=date(2026, 5, 1),
            )
        )  # fmt: skip
        number = person.id_number
        session.commit()
    told = {"region": "310000", "office": "监狱管理局", "kind": "prison"}
    text = f"身份证号,日期\n{number},2026-10-03\n31,2026-10-03\n"
    sent = {**told, "file": (BytesIO(text.encode()), "list.csv")}
    walk.look("/desk/signs/lists", data=sent)
    listed = ReadPage(walk.look("/desk/signs/lists").text).pages
    place = next(each for each in listed if re.fullmatch(r"/desk/signs/lists/\d+", each))
    columns = {"heading_row": "1", "column_id_number": "0", "column_seen_on": "1"}
    refuse(walk, f"{place}/send")
    refuse(walk, place, **columns, column_name="1")
    walk.look(place, data=columns)
    walk.send(f"{place}/send", **paper("paper", "函3号"))
    _check(walk)
    listed = ReadPage(walk.look("/desk?kind=signs").text).pages
    sign = next(each for each in listed if re.fullmatch(r"/desk/signs/\d+", each))
    refuse(walk, sign, words="")
    refuse(walk, f"{sign}/stop")
    walk.send(f"{sign}/stop", **paper("stop-because", "判决书3号"))
    _check(walk)
    walk.look(sign)


def _check(walk):
    with walk.office.app_context(), database(walk.office).writers() as session:
        check_all(session)
