"""The forms of a case that was sent."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from siweb.evidence.field import ScansForm
from siweb.web.forms.typed_fields import Needed


class AddForm(ScansForm):
    """Words added to what was sent, and scans for who has any."""

    words = TextAreaField(
        _l("What do you want to add?"),
        [
            Needed(_l("Write what you want to add.")),
            Length(max=500, message=_l("Use at most %(max)d characters.")),
        ],
        description=_l("Those who answer or decide the case will read it."),
        render_kw={"rows": 3},
    )
