"""What somebody who insures herself begins: her registration, how she pays, her own account."""

from siweb.demo.sign_ins import PASSWORD
from tests.pages.refuse import refuse

PHONE = "13800001234"


def insure_oneself(walk):
    """Stop, and begin again: every step with its errors, up to the last page."""
    refuse(walk, "/own-insurance/stop")
    refuse(walk, "/own-insurance/payment", every="week")
    walk.send("/own-insurance/stop", insurances=["pension", "medical"])
    case = walk.send("/own-insurance/start", go="yes").rpartition("/")[0]
    answers = {
        "work": {"work": "other"},
        "city": {"region_code": "310000"},
        "insurances": {"insurances": "pension"},
        "base": {"choice": "other", "amount": "8000"},
        "pay": {"every": "quarter"},
        "bank": {"number": "6222021234567890128", "bank_name": "示范银行", "is_mine": "y"},
        "contact": {"mobile": PHONE},
    }
    for step, given in answers.items():
        refuse(walk, f"{case}/{step}", mobile="1", every="week", number="1")
        walk.send(f"{case}/{step}", seen=0, **given)
    walk.look(f"{case}/check")


def name_account(walk):
    """Name the own account, and see it: with the password both to change and to end it."""
    account = "/account/bank-account"
    refuse(walk, account, number="6222021234567890127", bank_name="", password="wrong")
    mine = {"number": "6222021234567890128", "bank_name": "示范银行", "is_mine": "y"}
    walk.send(account, **mine, password=PASSWORD)
    walk.look(account)
    refuse(walk, f"{account}/end")
