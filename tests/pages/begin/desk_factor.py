"""How staff come to their second factor: a colleague's code, setting it up, being asked for it."""

import re

from sqlalchemy import select

from siweb import clock
from siweb.auth.credentials.second_factor.totp import SECONDS, code_of
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.registry.tables.person import Person
from siweb.web.database import database
from tests.auth.second_factor import give_code
from tests.pages.refuse import refuse


def second_factor(walk):
    """Give a colleague their code, set up one's own factor, and be asked for a code of it."""
    page = "/account/second-factor"
    with walk.office.app_context(), database(walk.office).writers() as session:
        people = {
            who: session.scalars(
                select(Account)
                .join(Person, Person.id == Account.person_id)
                .where(Person.id_number == walk.sign_ins[who]["id_number"])
            ).one()
            for who in (walk.who, "Second agency staff")
        }
        colleague = people["Second agency staff"].person_id
        held = select(Appointment.id).where(Appointment.person_id == colleague)
        theirs = f"/desk/staff/{session.scalar(held.limit(1))}"
        given = give_code(
            session, people[walk.who], key=walk.office.config["SECRET_KEY"], at=clock.now()
        )
        session.commit()
    walk.look(theirs)
    assert walk.look(f"{theirs}/set-up-code", data={"sent": "yes"}).status_code == 200
    refuse(walk, f"{page}/set-up", code="1")
    secret = re.search(r"<dd>((?:[A-Z2-7]{4} ?)+)</dd>", walk.look(f"{page}/set-up").text)
    step = int(clock.now().timestamp()) // SECONDS
    code = code_of(secret[1].replace(" ", ""), step)
    sent = {"code": code, "given": given}
    assert walk.look(f"{page}/set-up", data=sent).status_code == 200
    walk.look(page)
    walk.look(f"{page}/prove")
    refuse(walk, f"{page}/prove", code="1")
    refuse(walk, "/account/passkeys/add", name="")
    refuse(walk, f"{page}/passkey", answer="{}")
