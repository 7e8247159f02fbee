"""How somebody links a sign-in at a provider, and sees it."""

import html
import re

from siweb.auth.credentials.linked.provider import PROVIDER, Provider
from siweb.demo.sign_ins import PASSWORD
from tests.auth.made_provider import ISSUER, MadeProvider
from tests.pages.refuse import refuse

LINKED = "/account/linked"


def give_provider(office):
    """Let people sign in to an office at a provider that is in memory."""
    made = MadeProvider()
    office.config["MADE_PROVIDER"] = made
    office.extensions[PROVIDER] = Provider(
        ISSUER, made.client, made.secret, "政务通", fetch=made.answer
    )


def link_sign_in(walk):
    walk.look(LINKED)
    refuse(walk, LINKED, password="wrong")
    page = walk.look(LINKED, data={"password": PASSWORD}).text
    address = html.unescape(re.search(r'href="(https://[^"]+)"', page)[1])
    walk.look(walk.office.config["MADE_PROVIDER"].sign_in(address))
    walk.look(LINKED)
    # It leads away at once.
    assert walk.look("/sign-in/linked").status_code == 303
