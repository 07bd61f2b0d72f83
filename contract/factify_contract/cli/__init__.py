"""The command line: one file per command; here only how every command ends."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version

import click

from factify_contract.cli.certificate import certificate
from factify_contract.cli.certify import certify
from factify_contract.cli.clauses import clauses
from factify_contract.cli.cleanup import cleanup
from factify_contract.cli.compare import compare
from factify_contract.cli.diff import diff
from factify_contract.cli.doctor import doctor
from factify_contract.cli.document import document
from factify_contract.cli.init import init
from factify_contract.cli.keygen import keygen
from factify_contract.cli.lint import lint
from factify_contract.cli.replay import replay
from factify_contract.cli.selftest import selftest
from factify_contract.cli.verify import verify
from factify_contract.errors import ContractError

# What shells report for a process that an interrupt ended: 128 and the number of SIGINT.
_INTERRUPTED = 130
_INTERNAL = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("factify-contract"), prog_name="factify-contract")
@click.option("--debug", is_flag=True, help="Show a traceback when the tool itself breaks.")
def cli(*, debug: bool) -> None:
    """Judge whether an API keeps the Factify contract.

    Exit codes: 0 kept, 1 broken, 2 wrong usage, 3 target unreachable or the tool broke, 130 interrupted.
    """


_COMMANDS = (
    verify, certify, certificate, keygen, replay, cleanup, doctor, init, clauses, document, lint, diff,
    compare, selftest,
)  # fmt: skip
for command in _COMMANDS:
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits; every failure is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot show an arrow shows a question mark instead of a traceback.
            stream.reconfigure(errors="replace")
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:
    try:
        # Not `cli.main`, which ends the process with 1 when the reader of the output has gone.
        # (It takes words off its list, and the last handler below asks for one of them.)
        with cli.make_context("factify-contract", [*arguments]) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "factify-contract"
        said = " ".join(error.format_message().split()).rstrip(".")
        return _fail(f"{said}{'' if said.endswith('?') else '.'} See: {where} --help", error.exit_code)
    except click.ClickException as error:
        return _fail(error.format_message(), error.exit_code)
    except ContractError as error:
        return _fail(str(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has had enough; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last place where a defect of ours can become a sentence
        if "--debug" in arguments:
            traceback.print_exc()
        said = " ".join(str(error).split())
        return _fail(f"internal error: {type(error).__name__}: {said} (run again with --debug)", _INTERNAL)
    return result if isinstance(result, int) else 0


def _fail(sentence: str, code: int) -> int:
    click.echo(f"factify-contract: {sentence}", err=True)
    return code
