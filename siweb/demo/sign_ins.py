"""The fixed sign-ins of the demonstration, shown on the sign-in page of a demonstration only."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import COMMAND
from siweb.auth.credentials.account import create_account
from siweb.auth.credentials.second_factor.set_up_code import SetUpCodeRefused, issue_set_up_code
from siweb.auth.staff.duties import stands
from siweb.auth.tables.appointment import Appointment, Function
from siweb.clock import office_day
from siweb.registry.tables.person import Person

PASSWORD = "siweb-demo"  # noqa: S105 - a demonstration's, printed on its sign-in page
FILE = "demo_sign_ins.json"
# By the number of the made person: see siweb.demo.plan for who is of which kind.
SIGN_INS: tuple[tuple[int, str, str, tuple[Function, ...]], ...] = (
    (0, "职工（全部正确）", "Employee (all correct)", ()),
    (31, "职工（缺一个月）", "Employee (a month is missing)", ()),
    (8, "灵活就业人员", "Flexible worker", ()),
    (9, "养老金领取人（数据已比对）", "Pension recipient (known to be well)", ()),
    (39, "养老金领取人（认证已逾期）", "Pension recipient (overdue)", ()),
    (1, "帮办亲属", "Helper (a relative)", ()),
    (2, "单位经办人（第一个城市）", "Employer's owner (first city)", ()),
    (3, "单位经办人（第二个城市）", "Employer's owner (second city)", ()),
    (4, "代理机构人员（两家单位）", "Agent (two employers)", ()),
    (5, "经办人员", "Agency staff", tuple(Function)),
    (6, "复核人员", "Second agency staff", tuple(Function)),
)


def make_sign_ins(session: Session, first_person_id: int, folder: Path, at: datetime) -> None:
    """Open the fixed accounts and write down who they are, for the sign-in page."""
    shown = []
    for number, zh, en, functions in SIGN_INS:
        person = session.scalar(select(Person).where(Person.id == first_person_id + number))
        if person is None:
            continue
        create_account(session, person.id, PASSWORD, at=at)
        session.add_all(
            Appointment(person_id=person.id, function=function, from_on=office_day(at), made_at=at)
            for function in functions
        )
        shown.append(
            {
                "label_zh_Hans": zh,
                "label_en": en,
                "name": person.name,
                "id_number": person.id_number,
                "password": PASSWORD,
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps(shown, ensure_ascii=False, indent=1), "utf-8")


def make_set_up_codes(session: Session, *, key: str, at: datetime) -> list[tuple[str, str]]:
    """Return a new code for everybody at the desk who has no second factor, with their number.

    Nobody else could give the first ones: whoever would is asked for a factor as well.
    """
    held = select(Appointment.person_id).where(stands(office_day(at)))
    staff = select(Person).where(Person.id.in_(held)).order_by(Person.id)
    by = COMMAND
    codes: list[tuple[str, str]] = []
    for person in session.scalars(staff).all():
        with suppress(SetUpCodeRefused):
            code = issue_set_up_code(session, person.id, key=key, actor=by, at=at)
            codes.append((person.id_number, code))
    return codes


def read_sign_ins(folder: Path) -> list[dict[str, str]]:
    """Return the fixed sign-ins of a demonstration, none when there is no such file."""
    file = folder / FILE
    if not file.exists():
        return []
    found: list[dict[str, str]] = json.loads(file.read_text("utf-8"))
    return found
