"""What the page of looks shows, as its address says."""

from enum import StrEnum


class Shown(StrEnum):
    LOOKS = "looks"
    OFFICES = "offices"
    EMPLOYERS = "employers"
    OTHERS = "others"
    MAY_LOOK = "may_look"
    SIGN_INS = "sign_ins"
