"""Entry point of the `sunward` command: hands over to the agents package where it can run."""

import importlib
import sys

_OWN_PACKAGES = {"sunward", "sunward_agents"}


def main() -> int:
    """Run the command line of `sunward_agents` and return its exit status.

    Returns 2 after one clear line where the extra `agents` is not installed.
    """
    try:
        # By name, since `sunward` never imports `sunward_agents` (an import contract): only the
        # command crosses over, and only when a person calls it.
        return importlib.import_module("sunward_agents.cli").main() or 0
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in _OWN_PACKAGES:
            raise
        sys.stderr.write(
            f"sunward: the command needs the package {missing}, which the extra `agents` brings: "
            'run pip install "sunward[agents]"\n'
        )
        return 2
