"""How every calculation is run: one answer, many by a file, or one sentence and exit code 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from siweb.cli.calc.engine.answer import Answer, dump
from siweb.cli.calc.engine.batch import run_batch
from siweb.cli.calc.engine.sentences import sentence_for, sentence_of_usage
from siweb.cli.calc.options.json_inputs import INPUTS, PARAMS, expand_json
from siweb.rules.errors import RuleError

_TYPED = "siweb.calc.typed"
_UNUSED = "siweb.calc.unused"
# The areas of the worked cases whose commands have shorter names.
_AREAS = {
    "contribution": "premium",
    "assessed-amount": "assess",
    "personal-account": "account",
    "unemployment": "benefit-months",
    "identity-number": "id",
}


class WrongInput(click.ClickException):
    """When the input is wrong: one sentence on stderr and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Write the sentence alone, without the usage."""
        click.echo(f"Error: {self.format_message()}", file=file, err=file is None)


class CalcCommand(click.Command):
    """A command whose function returns an `Answer`; --json and --batch are added to its options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += _COMMON

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep what was typed, since a batch repeats it for every row."""
        words, unused = expand_json(self, args)
        expanded = list(_plain_flags(self, words))
        ctx.meta[_TYPED] = list(expanded)
        ctx.meta[_UNUSED] = tuple(f"unused_input_{name}" for name in unused)
        return super().parse_args(ctx, expanded)

    def invoke(self, ctx: click.Context) -> Any:
        """Print the answer, or the answers to a file's rows."""
        as_json, batch = self.take_common(ctx)
        if batch:
            shared = _without_common(ctx.meta[_TYPED])
            for line in run_batch(self, ctx, Path(batch), shared, as_json=as_json):
                _say(line)
            return
        answer = self.answer(ctx)
        if as_json:
            _say(dump(answer.as_json(), indent=2))
        else:
            for line in answer.as_lines():
                _say(line)

    def take_common(self, ctx: click.Context) -> tuple[bool, str | None]:
        """Take --json and --batch out of the options, which are not the calculation's."""
        return ctx.params.pop("as_json"), ctx.params.pop("batch")

    def answer(self, ctx: click.Context) -> Answer:
        """Return the answer to the context's options.

        :raises click.UsageError: with a sentence, when a rule refuses them.
        """
        try:
            found: Answer = super().invoke(ctx)
        except RuleError as error:
            raise click.UsageError(sentence_for(error)) from error
        return replace(found, warnings=(*found.warnings, *ctx.meta[_UNUSED]))


class CalcGroup(click.Group):
    """The group, which shortens click's usage errors to their sentence."""

    command_class = CalcCommand

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a calculation by its name or by what the worked cases call it."""
        name = cmd_name.replace("_", "-")
        return super().get_command(ctx, _AREAS.get(name, name))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand."""
        return _in_one_sentence(lambda: super(CalcGroup, self).invoke(ctx))

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the group's own options."""
        context: click.Context = _in_one_sentence(
            lambda: super(CalcGroup, self).make_context(*args, **options)
        )
        return context


def require(**options: Any) -> None:
    """Refuse to go on without these options.

    :raises click.UsageError: naming the first that was not given.
    """
    for name, value in options.items():
        if value is None or value == ():
            raise click.UsageError(f"--{name.replace('_', '-')} is missing.")


def _say(line: str) -> None:
    """Write a line; half a character, which no output can carry, is written as its escape."""
    click.echo(line.encode("utf-8", "backslashreplace").decode())


def _plain_flags(command: click.Command, words: list[str]) -> Iterator[str]:
    """Yield the words; a switch followed by true or false, as in a file, becomes the plain one."""
    flags = {
        name: option
        for option in command.params
        if isinstance(option, click.Option) and option.is_flag
        for name in option.opts
    }
    is_value = False
    for word, following in zip(words, [*words[1:], ""], strict=False):
        option, value = flags.get(word), following.lower()
        if is_value:
            is_value = False
        elif option is None or value not in {"true", "false"}:
            yield word
        else:
            is_value = True
            yield from [word] if value == "true" else option.secondary_opts[:1]


def _in_one_sentence(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise WrongInput(sentence_of_usage(error)) from error


def _without_common(typed: list[str]) -> list[str]:
    kept: list[str] = []
    remaining = iter(typed)
    for word in remaining:
        if word == "--batch":
            next(remaining)
        elif word != "--json" and not word.startswith("--batch="):
            kept.append(word)
    return kept


_COMMON = (
    click.Option(["--json", "as_json"], is_flag=True, help="Answer in JSON, with the explanation."),
    click.Option(
        ["--batch"],
        type=click.Path(exists=True, dir_okay=False),
        help="Calculate every row of a CSV file whose columns are named like the options.",
    ),
    *(
        click.Option(
            [name],
            expose_value=False,
            hidden=name != INPUTS,
            help="Options as one JSON object, named like the options; --json takes one as well.",
        )
        for name in (INPUTS, PARAMS)
    ),
)
