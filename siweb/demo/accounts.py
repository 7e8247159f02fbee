"""The individual accounts behind the records: credits of paid months, and the yearly interest."""

from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from siweb.demo.plan import Plan
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.registry.codes import Insurance
from siweb.rules.benefits.account_interest import compute_account_year
from siweb.rules.calendar.months import first_day
from siweb.rules.parameters.pack_set import PackSet


def make_entries(
    plan: Plan, packs: PackSet, person_id: int, records: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return a person's account entries: what was there before, credits, interest of past years."""
    paid = [
        record
        for record in records
        if record["insurance"] is Insurance.PENSION and record["paid_on"] and record["account_fen"]
    ]
    if not paid:
        return []
    first_year = int(paid[0]["contribution_month"][:4])
    opening = Random(f"{plan.seed}/opening/{person_id}").randint(0, 6_000_000)
    entries = [_entry(person_id, first_year, EntryKind.OPENING, opening, date(first_year, 1, 1))]
    balance = opening
    for year in range(first_year, plan.on.year + 1):
        of_year = [record for record in paid if record["contribution_month"].startswith(f"{year}-")]
        entries += [
            _entry(
                person_id,
                year,
                EntryKind.CREDIT,
                record["account_fen"],
                record["paid_on"],
                contribution_month=record["contribution_month"],
            )
            for record in of_year
            # What the office's own levy bills is credited when its bill is paid.
            if record["contribution_month"] < plan.levied_months[0]
        ]
        balance += sum(record["account_fen"] for record in of_year)
        if year < plan.on.year and of_year:
            interest, rate, is_settled = _interest(packs, of_year, balance, year)
            kind = EntryKind.INTEREST if is_settled else EntryKind.PROVISIONAL_INTEREST
            entries.append(
                _entry(person_id, year, kind, interest, date(year, 12, 31), rate_ppm=rate)
            )
            balance += interest
    # Taken over before the office levied anything itself.
    levies_began = first_day(plan.levied_months[0])
    region = paid[0]["region_code"]
    for number, entry in enumerate(entries, start=1):
        entry |= {"entry_number": number, "region_code": region}
        entry["recorded_on"] = min(entry["posted_on"], levies_began)
    return entries


def _interest(
    packs: PackSet, of_year: list[dict[str, Any]], balance: int, year: int
) -> tuple[int, int, bool]:
    deposits = [
        (int(record["contribution_month"][5:]), record["account_fen"]) for record in of_year
    ]
    opening = balance - sum(amount for _, amount in deposits)
    terms = packs.parameters(of_year[0]["region_code"], f"{year}-12").interest_terms(year)
    found = compute_account_year(opening, deposits, terms)
    return found.opening_interest + found.deposit_interest, terms.rate, terms.settled


def _entry(
    person_id: int, year: int, kind: EntryKind, amount: int, posted_on: date, **more: Any
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "year": year,
        "kind": kind,
        "contribution_month": None,
        "amount_fen": amount,
        "rate_ppm": None,
        "posted_on": posted_on,
        **more,
    }
