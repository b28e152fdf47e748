"""The command line `sunward COMMAND ...`: finds the command, tells mistakes in one line."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from sunward.scenario.errors import ScenarioError, suggestion
from sunward.workload.csv_table import TraceError
from sunward.workload.profile import ProfileError
from sunward_agents.compiling import tell_of_compiling
from sunward_agents.errors import UsageError

#: What a person got wrong: one clear line and exit code 2, never a traceback.
MISTAKES = (UsageError, ScenarioError, TraceError, ProfileError)


class Command(NamedTuple):
    """A module with `run(args, prog) -> exit code`, and what it does."""

    module: str
    description: str


COMMANDS = {
    "list": Command("listing", "scenarios, tasks, suites, policies and training configurations"),
    "show": Command("show", "one scenario, resolved, with units and sources"),
    "evaluate": Command("evaluation", "play a policy over a suite or a scenario"),
    "train": Command("training", "train one policy for all satellites"),
    "refine": Command("refine", "learn a correction of a hand-written rule, without gradients"),
    "bound": Command("bound", "what no policy can exceed in a world"),
    "calibrate": Command("calibrate", "whether a scenario leaves room to learn, as pass or fail"),
    "ablate": Command("ablate", "what heat, battery, eclipse, links, upsets, deadlines are worth"),
    "validate": Command("validation", "compare the physics with reference tables"),
    "bench": Command("bench", "measure the speed on this machine"),
    "yields": Command("yields", "measure what a satellite gives in each shell, for the build-out"),
    "data": Command("data", "list and fetch public request traces"),
}
EXAMPLES = """\
examples:
  sunward list
  sunward evaluate --policy load_balancing --suite quick-v0
  sunward train --total-steps 2000000
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, 2 for bad input, 130 for Ctrl-C."""
    args = list(sys.argv[1:] if argv is None else argv)
    if not args or args[0] in ("-h", "--help"):
        sys.stdout.write(_help())
        return 0
    if args[0] == "--version":
        from sunward_agents.results import package_version

        sys.stdout.write(f"sunward {package_version()}\n")
        return 0
    return run_command(args[0], args[1:], f"sunward {args[0]}")


def run_command(name: str, args: list[str], prog: str) -> int:
    """Runs one command; mistakes become one line on standard error."""
    try:
        if name not in COMMANDS:
            raise UsageError(f"no command {name!r}: {suggestion(name, COMMANDS)}")
        module = importlib.import_module(f"sunward_agents.commands.{COMMANDS[name].module}")
        tell_of_compiling()
        return module.run(args, prog)
    except MISTAKES as mistake:
        sys.stderr.write("".join(f"{prog}: {line}\n" for line in str(mistake).splitlines()))
        return 2
    except SystemExit as end:  # after --help
        return end.code if isinstance(end.code, int) else 0
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        sys.stderr.write(f"{prog}: interrupted\n")
        return 130


def _help() -> str:
    rows = "".join(f"  {name:10}{command.description}\n" for name, command in COMMANDS.items())
    return (
        "usage: sunward COMMAND [OPTIONS]\n\nA benchmark of data centres in orbit.\n\ncommands:\n"
        f"{rows}\n{EXAMPLES}\nsunward COMMAND --help tells more.\n"
    )
