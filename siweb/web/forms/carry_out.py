"""What an action refuses is shown in its form: nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any

from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.fields import PageForm
from siweb.web.read_once import read_anew


def carried_out(form: PageForm, act: Callable[[], Any], sentence: Callable[[Refusal], str]) -> bool:
    """Do and commit what a form asks for; where it is refused, say why in the form.

    The page that is shown then reads everything again: nothing of what was tried stays.
    """
    session = db_session()
    try:
        act()
    except Refusal as refused:
        session.rollback()
        read_anew()
        form.show_refusal(refused.code, sentence(refused))
        return False
    session.commit()
    return True
