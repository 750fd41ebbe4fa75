"""The operators' door: `arrears COMMAND`.

Exit 0: done; 1: something was found or refused; 2: wrong use or unreadable input.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

# command -> the module here that has it; loaded only when it is called, so that judging needs no AWS
COMMANDS = {
    "decide": "judge",
    "explain": "judge",
    "preview": "preview",
    "schema": "judge",
    "check-text": "words",
    "phone": "words",
    "import": "imports",
    "letter": "letters",
    "report": "reports",
    "run": "runs",
    "hold": "people",
    "waive": "people",
    "people": "people",
    "unknown": "cases",
    "numbers": "cases",
    "redrive": "cases",
    "erase": "privacy",
    "export": "privacy",
}


class Unreadable(click.ClickException):
    """Input that cannot be used: one line on stderr naming file, line and field, and exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        print(self.format_message(), file=sys.stderr)


class Commands(click.Group):
    """Finds each command in its own module."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Wrong use is one line on stderr, as every other error here is."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        try:
            code = super().main(args, prog_name, complete_var, False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "arrears"
            print(f"{path}: {' '.join(error.format_message().split())} See `{path} --help`.", file=sys.stderr)
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(1)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads has read enough
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"arrears.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Rent arrears: who is written to, why, and what became of it."""
