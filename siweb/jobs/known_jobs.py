"""Every job by its name; a worker runs nothing else."""

from siweb.jobs.context import JobFunction

KNOWN_JOBS: dict[str, JobFunction] = {}
