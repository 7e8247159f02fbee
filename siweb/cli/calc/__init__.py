"""siweb calc: every rule as a command, with its explanation."""

import click

from siweb.cli.calc.account import account
from siweb.cli.calc.adjustment import adjustment
from siweb.cli.calc.assess import assess, fine
from siweb.cli.calc.bank_statement import bank_statement
from siweb.cli.calc.benefit import benefit_months, certification
from siweb.cli.calc.coverage import coverage, second_employer
from siweb.cli.calc.deadline import deadline, workdays
from siweb.cli.calc.engine.command import CalcGroup
from siweb.cli.calc.figures import injury_rate, limits, rounding, staleness
from siweb.cli.calc.flexible import flexible
from siweb.cli.calc.late_fee import late_fee
from siweb.cli.calc.number import identity, uscc
from siweb.cli.calc.pension import pension
from siweb.cli.calc.premium import premium
from siweb.cli.calc.retirement import minimum_months, retirement


@click.group(cls=CalcGroup)
def calc() -> None:
    """Calculate by the rules; amounts are yuan, --json adds the explanation."""


for command in (
    premium,
    late_fee,
    assess,
    fine,
    account,
    pension,
    retirement,
    minimum_months,
    benefit_months,
    certification,
    deadline,
    workdays,
    identity,
    uscc,
    coverage,
    second_employer,
    staleness,
    limits,
    rounding,
    injury_rate,
    flexible,
    adjustment,
    bank_statement,
):
    calc.add_command(command)
