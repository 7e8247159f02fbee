"""siweb calc: every rule as a command, with its explanation."""

import click

from siweb.cli.calc.benefits.account import account
from siweb.cli.calc.benefits.benefit import benefit_months, certification
from siweb.cli.calc.benefits.pension import pension
from siweb.cli.calc.benefits.retirement import minimum_months, retirement
from siweb.cli.calc.contributions.adjustment import adjustment
from siweb.cli.calc.contributions.assess import assess, fine
from siweb.cli.calc.contributions.bank_statement import bank_statement
from siweb.cli.calc.contributions.coverage import coverage, second_employer
from siweb.cli.calc.contributions.figures import injury_rate, limits, rounding, staleness
from siweb.cli.calc.contributions.flexible import flexible
from siweb.cli.calc.contributions.late_fee import late_fee
from siweb.cli.calc.contributions.premium import premium
from siweb.cli.calc.deadline import deadline, workdays
from siweb.cli.calc.engine.command import CalcGroup
from siweb.cli.calc.number import identity, uscc


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
