"""The functions of an office, in the groups that one person never mixes.

Business, the fund's money, the data, and who audits all of it, are apart (劳社部发〔2007〕2号 on
internal control, 人社厅发〔2021〕64号 on posts and rights).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from siweb.auth.tables.appointment import Function


class Group(StrEnum):
    BUSINESS = "business"
    FINANCE = "finance"
    DATA = "data"
    AUDIT = "audit"


GROUPS: Mapping[Function, Group] = MappingProxyType(
    {
        Function.REGISTRATION: Group.BUSINESS,
        Function.CONTRIBUTIONS: Group.BUSINESS,
        Function.REVIEW: Group.BUSINESS,
        Function.FINANCE: Group.FINANCE,
        Function.PARAMETERS: Group.DATA,
        Function.ADMINISTRATION: Group.DATA,
        Function.AUDIT: Group.AUDIT,
    }
)


def incompatible(held: Iterable[Function], wanted: Function) -> frozenset[Function]:
    """Return which functions that somebody holds stand in another group than a further one."""
    return frozenset(each for each in held if GROUPS[each] is not GROUPS[wanted])
