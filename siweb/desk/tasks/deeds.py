"""Every two-person deed of the office, by its kind."""

from types import MappingProxyType

from siweb.desk.staff.deeds import APPOINT, END
from siweb.tasks.deed import Deeds

DEEDS: Deeds = MappingProxyType({deed.kind: deed for deed in (APPOINT, END)})
