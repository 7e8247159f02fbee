"""What the page of the access log shows, as its address says."""

from enum import StrEnum


class Shown(StrEnum):
    ALL = "all"
    OFFICES = "offices"
    EMPLOYERS = "employers"
    OTHERS = "others"
    MAY_READ = "may_read"
    SIGN_INS = "sign_ins"
