# SPDX-License-Identifier: Apache-2.0
"""The `comity` command: gathers every capability's commands and turns errors into exit codes.

Exit codes: 0 done (and permitted), 1 refused, 2 misuse (an unknown code, option or reference).
Commands that need no node come from the plain `terminal` modules named in `TERMINALS`; those of a
node come from `comity.server.cli` where the server extra is installed. Nothing is read, and no
capability beyond its list of commands is imported, before a command has been chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any, NoReturn

from comity import __version__
from comity.agreements import terminal as agreements
from comity.catalogues import LANGUAGES, N_, said, translate
from comity.command_line import command_of
from comity.errors import ComityError, InvalidInputError, NotFoundError
from comity.evidence import terminal as evidence
from comity.journal import terminal as journal
from comity.newsfeed import terminal as newsfeed

DONE, REFUSED, MISUSE, INTERRUPTED = 0, 1, 2, 130

TERMINALS = (agreements, evidence, journal, newsfeed)
"""The plain modules with commands; each has `add_commands(subparsers)`."""

ALSO_OF_NODE = ("journal",)
"""Plain groups whose acts read the node's database where there is one."""

ACTS_OF_NODE = frozenset(
    ("countersign", "proposals", "export-overlay", "sources", "fetch", "accept", "reject")
)
"""Acts of a plain group that only a node can do."""

NOT_UNDERSTOOD = N_("The command could not be understood")
REFUSAL = N_("The act was refused")


class MisusedCommandError(InvalidInputError):
    """The words on the command line make no command."""

    code = "misused-command"
    message = N_("{words}.")
    remedy = N_("Read what the command takes with `{program} --help`.")


class CommandParser(argparse.ArgumentParser):
    """A parser whose help is read in the officer's language, and whose errors are ours."""

    def __init__(self, *, language: str = "en", **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        settings.setdefault("allow_abbrev", False)
        super().__init__(**settings)
        self.language = language

    # argparse declares its keywords one by one; every one of them passes through unchanged.
    def add_subparsers(self, **settings: Any) -> Any:
        """As argparse does, every parser below this one in the same language."""
        settings.setdefault("parser_class", partial(CommandParser, language=self.language))
        return super().add_subparsers(**settings)

    def format_help(self) -> str:
        """The help with description, examples and options in the parser's language."""
        self.description = translate(self.description or "", self.language)
        self.epilog = translate(self.epilog or "", self.language)
        for action in self._actions:
            _translate_help(action, self.language)
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            MisusedCommandError: always.
        """
        raise MisusedCommandError(words=message.rstrip("."), program=self.prog)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    language = language_of(words, os.environ)
    try:
        arguments = build_parser(language, words).parse_args(words)
        arguments.language = language
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
    except ComityError as error:
        return _report(error, language=language, as_json="--json" in words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough; Python must not complain when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def build_parser(language: str = "en", words: Sequence[str] | None = None) -> CommandParser:
    """The whole command tree, or only the plain commands where `words` ask for one of those."""
    parser = CommandParser(
        prog="comity",
        language=language,
        description=N_("One customs administration's side of mutual administrative assistance."),
        epilog=N_(
            "examples:\n"
            "  comity agreements list --party US --state in-force\n"
            "  comity determine ask --asker US --asked BR --form INFO_OFFENCE "
            "--purpose CRIMINAL_EVIDENCE"
        ),
    )
    parser.add_argument("--version", action="version", version=f"comity {__version__}")
    parser.add_argument(
        "--language", choices=sorted(LANGUAGES), help=N_("the language of everything printed")
    )
    parser.set_defaults(run=partial(_print_help, parser))
    commands = parser.add_subparsers(title=translate(N_("commands"), language), metavar="COMMAND")
    for terminal in TERMINALS:
        terminal.add_commands(commands)
    if _needs_node_commands(words, commands.choices) and _server_installed():
        from comity.server import cli as server

        server.add_commands(commands, words)
    _let_language_stand_anywhere(commands)
    return parser


def language_of(words: Sequence[str], environment: os._Environ[str] | dict[str, str]) -> str:
    """The language asked for: `--language`, COMITY_LANGUAGE, then the system's locale."""
    for position, word in enumerate(words):
        if word == "--language" and position + 1 < len(words):
            return words[position + 1] if words[position + 1] in LANGUAGES else "en"
        if word.startswith("--language="):
            return word.partition("=")[2] if word.partition("=")[2] in LANGUAGES else "en"
    for name in ("COMITY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        spoken = environment.get(name, "")[:2].lower()
        if spoken:
            return spoken if spoken in LANGUAGES else "en"
    return "en"


def commands_reference_markdown() -> str:
    """Every command with its options and examples, as the page `docs/reference/commands.md`."""
    lines = ["# Commands", "", "Exit codes: 0 done, 1 refused, 2 misuse.", ""]
    for parser in _every_parser(build_parser()):
        lines += [f"## `{parser.prog}`", "", parser.description or "", ""]
        lines += [f"- {_option_line(action)}" for action in parser._actions if _is_option(action)]
        if parser.epilog:
            lines += ["", "```text", parser.epilog.partition("\n")[2] or parser.epilog, "```"]
        lines.append("")
    return "\n".join(lines)


def _print_help(parser: argparse.ArgumentParser, _arguments: argparse.Namespace) -> int:
    parser.print_help()
    return MISUSE


def _server_installed() -> bool:
    return find_spec("django") is not None


def _needs_node_commands(words: Sequence[str] | None, plain: Collection[str]) -> bool:
    """A plain command starts without loading the node's, unless it is told to act in the node."""
    if words is None or "--node" in words or not ACTS_OF_NODE.isdisjoint(words):
        return True
    chosen = command_of(words)
    return chosen not in plain or chosen in ALSO_OF_NODE


def _let_language_stand_anywhere(commands: Any) -> None:
    for chosen in dict.fromkeys(commands.choices.values()):
        for parser in _every_parser(chosen):
            if "--language" not in parser._option_string_actions:
                parser.add_argument(
                    "--language",
                    choices=sorted(LANGUAGES),
                    default=argparse.SUPPRESS,
                    help=argparse.SUPPRESS,
                )


def _every_parser(parser: argparse.ArgumentParser) -> Iterable[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                yield from _every_parser(child)


def _translate_help(action: argparse.Action, language: str) -> None:
    if action.help and action.help is not argparse.SUPPRESS:
        action.help = translate(action.help, language)
    if isinstance(action, argparse._SubParsersAction):
        for choice in action._choices_actions:
            _translate_help(choice, language)


def _is_option(action: argparse.Action) -> bool:
    hidden = action.help is argparse.SUPPRESS or isinstance(action, argparse._HelpAction)
    return not hidden and not isinstance(action, argparse._SubParsersAction)


def _option_line(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
    value = "" if not action.option_strings or action.nargs == 0 else f" {_value_name(action)}"
    needed = " (required)" if action.required and action.option_strings else ""
    return f"`{name}{value}`{needed}: {action.help or ''}".rstrip(": ")


def _value_name(action: argparse.Action) -> str:
    if action.choices:
        return "|".join(str(choice) for choice in action.choices)
    return str(action.metavar or action.dest.upper())


def _report(error: ComityError, *, language: str, as_json: bool) -> int:
    """Say what stood in the way and the next act; the exit code tells misuse from refusal."""
    misused = isinstance(error, InvalidInputError | NotFoundError)
    message, remedy = (said(text, error.fields, language) for text in (error.message, error.remedy))
    if as_json:
        title = translate(NOT_UNDERSTOOD if misused else REFUSAL, language)
        print(json.dumps(_problem(error, title, message, remedy), ensure_ascii=False, indent=2))
    else:
        print("\n".join(filter(None, (message, remedy))), file=sys.stderr)
    return MISUSE if misused else REFUSED


def _problem(error: ComityError, title: str, message: str, remedy: str) -> dict[str, object]:
    """The error as the API's problem document, without what only HTTP has."""
    return {
        "type": error.code,
        "title": title,
        "detail": message,
        "remedy": remedy,
        "fields": {name: str(value) for name, value in error.fields.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
