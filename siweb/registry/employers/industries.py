"""Industries (GB/T 4754-2017 divisions) with the injury class that they suggest.

The classes are those of 人社部发〔2015〕71号, which names divisions of the 2011 edition; they only
suggest, since the agency sets an employer's class (SIL 34, 35).
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).parent / "industries.csv"


@dataclass(frozen=True, slots=True)
class Industry:
    """One division: its code begins with the letter of its section, 'I65'."""

    code: str
    name_zh: str
    name_en: str
    injury_class: int


@lru_cache(maxsize=1)
def read_industries() -> dict[str, Industry]:
    """Return the list by code, read once."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Industry(
                row["code"], row["name_zh"], row["name_en"], int(row["injury_class"])
            )
            for row in csv.DictReader(file)
        }


def class_of_industry(code: str) -> int:
    """Return the injury class of a division, from 1 to 8."""
    return read_industries()[code].injury_class
