"""The commands of a first office by the environment alone, as a container starts them.

One rule: SIWEB_, the words of the command, the option, as in SIWEB_INIT_NAME_EN or
SIWEB_STAFF_APPOINT_BECAUSE. Whoever runs a command is SIWEB_OPERATOR for all. No option of these
takes a secret: passwords and codes are typed, or read from a file.
"""

import click

FIRST_OFFICE = frozenset({"init", "region", "agency", "staff", "campaign", "person", "employer"})


def with_variables(name: str, command: click.Command) -> click.Command:
    """Give each option of a command, and of those below it, its variable; again is the same."""
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            with_variables(f"{name}-{below}", each)
    for option in command.params:
        if isinstance(option, click.Option) and option.envvar in {None, _variable(name, option)}:
            option.envvar, option.show_envvar = _variable(name, option), True
    return command


def _variable(name: str, option: click.Option) -> str:
    words = max(option.opts, key=len).lstrip("-")
    return f"SIWEB_{name}_{words}".replace("-", "_").upper()
