"""Every job by its name; a worker runs nothing else."""

from siweb.jobs.context import JobFunction
from siweb.jobs.import_statement import import_statement
from siweb.jobs.read_sheet import read_sheet
from siweb.jobs.run_levy import run_levy
from siweb.jobs.send_filing import send_filing
from siweb.jobs.send_messages import SEND_MESSAGES, send_messages
from siweb.jobs.withdraw_filing import withdraw_filing

JOB_FUNCTIONS: dict[str, JobFunction] = {
    "collection.import_statement": import_statement,
    "collection.run_levy": run_levy,
    "filings.read_sheet": read_sheet,
    "filings.send": send_filing,
    "filings.withdraw": withdraw_filing,
    SEND_MESSAGES: send_messages,
}
