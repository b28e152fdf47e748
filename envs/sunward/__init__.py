"""A benchmark of running data centres in orbit: Gymnasium and PettingZoo environments.

`import sunward` registers the environments; `make_simulator` gives the batched core itself.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sunward.core.simulator import Simulator
from sunward.faces.registration import register_all
from sunward.scenario import Scenario, ScenarioError, list_scenarios, load_scenario
from sunward.scenario.build import build_params

try:
    __version__ = version("sunward")
except PackageNotFoundError:  # sources on the path without an installation
    __version__ = "0+unknown"

__all__ = [
    "Scenario",
    "ScenarioError",
    "Simulator",
    "__version__",
    "build_params",
    "list_scenarios",
    "load_scenario",
    "make_simulator",
]


def make_simulator(
    scenario: str | Scenario, n_envs: int = 1, *, n_threads: int = 1, **overrides: Any
) -> Simulator:
    """Returns a batch of worlds of a scenario, not yet reset.

    Args:
        scenario: Id, path of a YAML file, or a loaded scenario.
        n_envs: Worlds, at least 1.
        n_threads: Threads that share the worlds.
        overrides: Values of the scenario by dotted path, where it is given by id or path.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, **overrides)
    return Simulator(build_params(loaded), n_envs, n_threads=n_threads)


register_all()
