"""The form of what every page shows of the office."""

from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from siweb.registry.regions.shown_office import MOST_EMBLEM_BYTES
from siweb.web.forms.fields import PageForm

_TOO_LONG = _l("Use at most %(max)d characters.")
REFUSALS = {
    "not_open": _l("The office has not been opened yet. Ask your system administrator to open it."),
    "no_name": _l("Enter its name, of at most 80 characters in Chinese and 120 in English."),
    "no_phone": _l("Write digits, such as 021-12345678."),
    "no_png": _l("This is no PNG picture."),
    "not_square": _l("The picture is to be square, of 96 to 512 pixels a side."),
    "too_large": _l("The picture is larger than %(most)s KB.", most=MOST_EMBLEM_BYTES // 1024),
}


def _text(label: Any, most: int, needed: Any) -> StringField:
    return StringField(label, [InputRequired(needed), Length(max=most, message=_TOO_LONG)])


class OfficeForm(PageForm):
    """The office's name, the number that people call, and its emblem."""

    refused_at = MappingProxyType(
        {
            "no_phone": "phone",
            "no_name": "name_zh",
            "no_png": "emblem",
            "not_square": "emblem",
            "too_large": "emblem",
        }
    )

    name_zh = _text(_l("Name in Chinese"), 80, _l("Enter the name in Chinese."))
    name_en = _text(_l("Name in English"), 120, _l("Enter the name in English."))
    phone = StringField(
        _l("Telephone"),
        [
            Length(max=30, message=_TOO_LONG),
        ],
        description=_l("Stands at the foot of every page. Empty: only the hotline 12333 does."),
    )
    emblem = FileField(
        _l("Emblem"),
        description=_l("A square PNG picture of 96 to 512 pixels, at most 24 KB."),
        render_kw={"accept": "image/png"},
    )
    without_emblem = BooleanField(_l("Take the emblem away: the sign of siweb stands there again"))
