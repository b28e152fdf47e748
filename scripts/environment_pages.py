"""Writes docs/environments/satellite.md and constellation.md from the code they describe.

`python scripts/environment_pages.py` rewrites both. Prose is that of the classes' docstrings; every
table is made from the table in the code that the simulator itself reads.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

from sunward.core.actions import ACTIONS, CLOCK_LEVELS, DEFERRABLE_LEVELS, N_DISCRETE, PRICE_LEVELS
from sunward.core.metrics import METRICS
from sunward.core.observations import OBSERVATIONS
from sunward.core.reward import REWARD_TERMS
from sunward.faces.cost_step import CostStep, VectorCostStep
from sunward.faces.forecasts import (
    FORECASTS,
    ParallelWithoutForecasts,
    VectorWithoutForecasts,
    WithoutForecasts,
)
from sunward.faces.gym_env import ConstellationEnv, SatelliteEnv
from sunward.faces.multi_objective import MultiObjectiveConstellationEnv, MultiObjectiveSatelliteEnv
from sunward.faces.parallel_env import SunwardParallelEnv
from sunward.faces.removal import RemovesLost
from sunward.scenario import Scenario, list_scenarios, load_scenario
from sunward.scenario.shell_table import ShellRow, shell_rows

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "environments"
HEADINGS = (
    "Description",
    "Action Space",
    "Observation Space",
    "Rewards",
    "Starting State",
    "Episode End",
    "Info",
    "Scenarios",
    "Variants",
    "Arguments",
    "Version History",
)
SIGNS = {1: "+", -1: "-", 0: "either"}


class Page(NamedTuple):
    """One page: its file, what it is called, the class it describes and the others beside it."""

    name: str
    title: str
    task: str
    environment_id: str
    described: type
    also: tuple[type, ...] = ()


PAGES = (
    Page("satellite", "Satellite", "satellite", "sunward/Satellite-v0", SatelliteEnv),
    Page(
        "constellation",
        "Constellation",
        "constellation",
        "sunward/Constellation-v0",
        ConstellationEnv,
        (SunwardParallelEnv,),
    ),
)
#: What other conventions ask for: kind of problem, how to get it, the class with its own words.
VARIANTS: tuple[tuple[str, str, type], ...] = (
    ("several objectives", "`gym.make` of the id", MultiObjectiveSatelliteEnv),
    ("several objectives", "`gym.make` of the id", MultiObjectiveConstellationEnv),
    ("constrained", "`CostStep(env)`", CostStep),
    ("constrained", "`VectorCostStep(envs)`", VectorCostStep),
    ("partly observed", "`WithoutForecasts(env)`", WithoutForecasts),
    ("partly observed", "`VectorWithoutForecasts(envs)`", VectorWithoutForecasts),
    ("partly observed", "`ParallelWithoutForecasts(parallel_env)`", ParallelWithoutForecasts),
    ("agents that leave", "`RemovesLost(parallel_env)`", RemovesLost),
)
OPTIONS = (
    (
        "discrete, masked",
        '`action="discrete"`, `observation="dict"` for a mask beside the features',
    ),
    ("continuing", "`continuing=True`: never truncated"),
    ("reward terms and metrics", '`info="full"`'),
    ("other worlds", '`split="validation"`, `overrides={"demand.interactive_load": 0.5}`'),
)


def main() -> None:
    """Rewrites all pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        path(page).write_text(text(page), encoding="utf-8")


def path(page: Page) -> Path:
    """Returns the file of a page."""
    return FOLDER / f"{page.name}.md"


def text(page: Page) -> str:
    """Returns a page: a card, then the prose and the tables under each heading."""
    prose = sections(page.described)
    tables: dict[str, Callable[[Page], Iterable[str]]] = {
        "Action Space": action_tables,
        "Observation Space": observation_table,
        "Rewards": reward_table,
        "Info": metric_table,
        "Scenarios": scenario_table,
        "Variants": variant_table,
    }
    lines = [f"# {page.title}\n\n", *card(page)]
    for heading in HEADINGS:
        lines += [f"\n## {heading}\n\n", prose.get(heading, "")]
        lines += tables[heading](page) if heading in tables else ()
    for other in page.also:
        lines += beside(other)
    return "".join(lines)


def card(page: Page) -> Iterator[str]:
    """Yields what is needed to make the environment, and how large its spaces are."""
    env = gym.make(page.environment_id)
    yield "Made by `python scripts/environment_pages.py` from the code.\n\n"
    rows = [
        ("make", f'`gym.make("{page.environment_id}")` after `import sunward`'),
        ("many worlds", f'`gym.make_vec("{page.environment_id}", num_envs)`, native'),
        ("default scenario", f"`{default_scenario(page)}`"),
        ("action space", f"`{env.action_space}`"),
        ("observation space", f"`{env.observation_space}`"),
    ]
    yield from table(("", ""), rows)


def default_scenario(page: Page) -> str:
    """Returns the scenario that the environment plays unless told otherwise."""
    return inspect.signature(page.described).parameters["scenario"].default


def sections(described: type) -> dict[str, str]:
    """Returns heading -> Markdown of a class's docstring; a subclass adds to those of its bases."""
    found: dict[str, str] = {}
    for kind in reversed(described.__mro__):
        if kind.__module__.startswith("sunward.") and kind.__doc__:
            parts = re.split(r"^## (.+)\n", inspect.cleandoc(kind.__doc__), flags=re.MULTILINE)
            bodies = (body.strip() + "\n" for body in parts[2::2])
            found |= dict(zip(parts[1::2], bodies, strict=True))
    return found


def beside(described: type) -> Iterator[str]:
    """Yields the prose of another face of the same worlds, one heading lower."""
    yield f"\n## {described.__name__}\n\n{summary(described)}\n"
    for heading, body in sections(described).items():
        yield f"\n### {heading}\n\n{body}"


def summary(described: type) -> str:
    """Returns the first line of a docstring."""
    return inspect.cleandoc(described.__doc__ or "").partition("\n")[0]


def action_tables(page: Page) -> Iterator[str]:
    """Yields the continuous entries, and the levels of the discrete ones."""
    rows = [(n, f"`{a.name}`", a.low, a.high, a.meaning) for n, a in enumerate(ACTIONS)]
    yield "\n"
    yield from table(("no.", "name", "at -1", "at 1", "meaning"), rows)
    levels = (("clock", CLOCK_LEVELS), ("deferrable_energy", DEFERRABLE_LEVELS))
    yield f"\nThe {N_DISCRETE} discrete actions are all combinations of these levels, the last "
    yield "fastest; flow and share stay at full.\n\n"
    named = [(f"`{name}`", ", ".join(map(str, of))) for name, of in levels]
    yield from table(("name", "levels"), [*named, ("`price`", ", ".join(map(str, PRICE_LEVELS)))])


def observation_table(page: Page) -> Iterator[str]:
    """Yields what one satellite sees, with the values that stand for -1 and 1."""
    yield "\nEach value is scaled from its range to -1 to 1, and clipped.\n\n"
    rows = [
        (number, f"`{f.name}`", f"{f.low:g}", f"{f.high:g}", f.unit, f.meaning)
        for number, f in enumerate(OBSERVATIONS)
    ]
    yield from table(("no.", "name", "min", "max", "unit", "meaning"), rows)


def reward_table(page: Page) -> Iterator[str]:
    """Yields the named terms of the reward."""
    yield "\nEach term is multiplied by the scenario's weight (`docs/scenarios.md`, `reward`).\n\n"
    rows = [(f"`{term.name}`", SIGNS[term.sign], term.meaning) for term in REWARD_TERMS]
    yield from table(("term", "sign", "meaning"), rows)


def metric_table(page: Page) -> Iterator[str]:
    """Yields the metrics of an episode."""
    yield "\nMetrics judge an episode, apart from the reward:\n\n"
    rows = [(f"`{metric.name}`", metric.unit, metric.meaning) for metric in METRICS]
    yield from table(("metric", "unit", "meaning"), rows)


def variant_table(page: Page) -> Iterator[str]:
    """Yields the options and wrappers that turn the environment into another kind of problem."""
    yield "Options of every face:\n\n"
    yield from table(("kind", "option"), OPTIONS)
    yield "\nClasses around a face:\n\n"
    rows = [
        (kind, how, f"`{described.__module__}`", summary(described))
        for kind, how, described in VARIANTS
    ]
    yield from table(("kind", "use", "module", "what it does"), rows)
    yield f"\nHidden forecasts: {', '.join(f'`{name}`' for name in FORECASTS)}; they read 0.\n"


def scenario_table(page: Page) -> Iterator[str]:
    """Yields the shipped scenarios of the task; the version ends each id."""
    rows = [
        (f"`{scenario.id}`", satellites(scenario), shells(scenario), *loads(scenario))
        for scenario in map(load_scenario, list_scenarios())
        if scenario.task == page.task
    ]
    titles = ("scenario", "satellites", "orbits", "interactive", "deferrable", "hours")
    yield "Loads are shares of what the fleet could do at full clock.\n\n"
    yield from table(titles, rows)


def satellites(scenario: Scenario) -> str:
    """Returns how many satellites fly."""
    return f"{sum(row.satellites for row in shell_rows(scenario)):,}"


def shells(scenario: Scenario) -> str:
    """Returns the orbits in a few words: each shell where they are few, else their ranges."""
    rows = shell_rows(scenario)
    if len(rows) <= 3:
        return "; ".join(map(shell, rows))
    low, high = min(row.altitude_km for row in rows), max(row.altitude_km for row in rows)
    return f"{len(rows)} shells from {low:g} to {high:g} km"


def shell(row: ShellRow) -> str:
    """Returns one shell: Walker's figures, or the hour of a Sun-synchronous plane."""
    what = f"{row.inclination_deg:.0f} deg" if row.ltan_h is None else f"{row.ltan_h:02g} h"
    pattern = f"{row.satellites}/{row.planes}/{row.phasing}"
    return f"{what} {row.altitude_km:g} km, {pattern}"


def loads(scenario: Scenario) -> tuple[str, ...]:
    """Returns the loads of both classes and the length of an episode."""
    demand, hours = scenario.demand, scenario.episode.hours
    return f"{demand.interactive_load:g}", f"{demand.deferrable_load:g}", f"{hours:g}"


def table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yields the lines of a Markdown table."""
    yield f"| {' | '.join(titles)} |\n"
    yield f"|{'---|' * len(titles)}\n"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |\n"


if __name__ == "__main__":
    main()
