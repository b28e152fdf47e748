"""Fills the tables of docs/environments/buildout.md from the code, the configs and the yields.

    python scripts/document_buildout.py            # tables of levers, features, terms, yields ...
    python scripts/document_buildout.py --ladder   # and the comparison of policies, two minutes
    python scripts/document_buildout.py --plot     # and the picture of one episode

Text between `<!-- NAME -->` and `<!-- end -->` is replaced; the rest is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sunward.buildout.books import METRICS, TERMS
from sunward.buildout.features import FeatureTable
from sunward.buildout.levers import LeverTable
from sunward.buildout.load import list_buildouts, load_buildout, yields_file
from sunward.buildout.params import Params, build_params
from sunward.buildout.yields import read_rows
from sunward_agents.atomic import write_text
from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import POLICIES, Paced, PacedConstants, make_policy
from sunward_agents.buildout.show import pair_rows
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.policies import Policy
from sunward_agents.statistics import mean_interval, paired_difference
from sunward_agents.tables import written

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "environments" / "buildout.md"
PICTURE = ROOT / "docs" / "images" / "buildout_episode.png"
DEFAULT = "buildout-medium-v0"
N_WORLDS = 32
#: The seed of the picture: with slips, a failure and a swing of demand.
PICTURE_SEED = 4

#: What the paced rule loses without each of its parts.
ABLATIONS = {
    "never waits (no hurdle)": {"hurdle": 0.0, "width": 0.01, "launch_hurdle": 0.0},
    "one shell only": {"sharpness": 1000.0},
    "all pairs alike": {"sharpness": 0.0},
    "no debt": {"debt": 0.0},
    "half the debt": {"debt": 0.5},
    "a tenth of the cash a month": {"spending": 0.1},
    "all cash at once": {"spending": 1.0, "most_ordered": 2.0, "cover": 24.0},
    "retires at four years": {"retire_years": 4.0},
    "keeps to seven years": {"retire_years": 7.0},
    "orders to the end": {"last_order": 1.0},
}


@dataclass(frozen=True)
class Arguments:
    """Fills the tables of the build-out's page.

    Example: `python scripts/document_buildout.py --ladder --plot`.
    """

    ladder: bool = False
    """Plays every policy again, on 32 test worlds of each scenario."""
    plot: bool = False
    """Draws the picture of one episode again."""


def main(args: list[str]) -> int:
    """Writes the page; returns the exit code."""
    try:
        arguments = parse(Arguments, args, prog="python scripts/document_buildout.py")
    except UsageError as mistake:
        sys.stderr.write(f"{mistake}\n")
        return 2
    text = filled(PAGE.read_text(encoding="utf-8"), tables())
    if arguments.ladder:
        text = filled(text, {"ladder": ladder(), "ablations": ablations()})
    write_text(PAGE, text)
    if arguments.plot:
        draw(PICTURE)
    return 0


def filled(text: str, parts: dict[str, str]) -> str:
    """Returns the page with the content of each named part replaced."""
    for name, content in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, count = pattern.subn(lambda found, new=content: found[1] + new + found[2], text)
        if count != 1:
            raise ValueError(f"the page has {count} parts named {name}, expected 1")
    return text


def tables() -> dict[str, str]:
    """Returns the parts of the page that need no play."""
    params = build_params(load_buildout(DEFAULT))
    levers, features = LeverTable(params), FeatureTable(params)
    return {
        "levers": table(
            ("number", "name", "-1 is", "1 is", "unit", "meaning"),
            (
                (number, row.name, f"{row.low:g}", f"{row.high:g}", row.unit, row.meaning)
                for number, row in enumerate(levers.levers)
            ),
        ),
        "choices": f"`MultiDiscrete({list(levers.choices)})`\n",
        "features": table(
            ("number", "name", "low", "high", "unit", "meaning"),
            (
                (number, row.name, f"{row.low:g}", f"{row.high:g}", row.unit, row.meaning)
                for number, row in enumerate(features.features)
            ),
        ),
        "terms": table(("name", "meaning"), TERMS),
        "metrics": table(("name", "unit", "meaning"), METRICS),
        "scenarios": table(("id", "what"), ((n, load_buildout(n).description) for n in NAMES)),
        "pairs": pairs(params),
        "yields": yields(params),
    }


NAMES = ("buildout-easy-v0", "buildout-medium-v0", "buildout-hard-v0")
assert sorted(NAMES) == list_buildouts()


def table(titles: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Returns a Markdown table."""
    titles = list(titles)
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def pairs(params: Params) -> str:
    """Returns what follows from orbit, yields and dose for each shell and design."""
    rows = pair_rows(params)
    titles = (
        *("shell", "design", "launch mass, kg", "GPU-h a month, new"),
        *("at seven years", "removal, MUSD"),
    )
    return table(
        titles,
        (
            (
                row["shell"],
                row["design"],
                f"{row['launch_mass_kg']:.0f}",
                f"{row['new_gpu_h']:,}",
                f"{row['last_gpu_h']:,}",
                f"{row['removal_usd'] / 1e6:g}",
            )
            for row in rows
        ),
    )


def yields(params: Params) -> str:
    """Returns the measured table, averaged over the months of the year."""
    rows = read_rows(yields_file(params.scenario))
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault((row["shell"], row["design"], row["age_months"]), []).append(row)
    names = ("interactive_gpu_h", "batch_gpu_h", "value", "wear", "upsets")

    def cells(group: list[dict[str, str]]) -> list[str]:
        means = {name: np.mean([float(row[name]) for row in group]) for name in names}
        low, high = (
            min(float(row["batch_gpu_h"]) for row in group),
            max(float(row["batch_gpu_h"]) for row in group),
        )
        spread = max(
            (float(row["batch_gpu_h_high"]) - float(row["batch_gpu_h_low"])) / 2.0 for row in group
        )
        return [
            f"{means['interactive_gpu_h']:,.0f}",
            f"{means['batch_gpu_h']:,.0f}",
            f"{low:,.0f} to {high:,.0f}",
            f"{spread:,.0f}",
            f"{means['value']:.3f}",
            f"{100.0 * means['wear']:.2f}",
            f"{means['upsets']:.0f}",
        ]

    titles = (
        *("shell", "design", "age, months", "interactive GPU-h", "batch GPU-h", "over the year"),
        *("half interval", "value a step", "wear, %", "upsets"),
    )
    return table(titles, ([*key, *cells(group)] for key, group in groups.items()))


def ladder() -> str:
    """Returns every rule on the same worlds, one row a scenario and policy, best first."""
    rows = []
    for scenario in NAMES:
        played = _played(scenario, {name: _maker(name) for name in POLICIES})
        order = sorted(played, key=lambda name, of=played: -of[name]["value"].mean())
        for name, below in zip(order, [*order[1:], None], strict=True):
            metrics = played[name]
            lead = "" if below is None else _lead(metrics, played[below])
            rows.append((scenario, name, _interval(metrics["value"]), lead, *_means(metrics)))
    titles = ("scenario", "policy", "value, BUSD", "lead over the next", *MEANS)
    return table(titles, rows)


def ablations() -> str:
    """Returns what the paced rule is worth without each of its parts, on the medium scenario."""
    makers = {"as tuned": lambda params: Paced(params)}
    for name, changes in ABLATIONS.items():
        constants = replace(PacedConstants(), **changes)
        makers[name] = lambda params, constants=constants: Paced(params, constants)
    played = _played(DEFAULT, makers)
    best = played["as tuned"]
    rows = [
        (name, _interval(metrics["value"]), "" if metrics is best else _lead(metrics, best))
        for name, metrics in played.items()
    ]
    return table(("paced rule", "value, BUSD", "against as tuned"), rows)


MEANS = ("GW at the end", "launched, t", "USD/GPU-h", "terrestrial", "insolvent")
_KEYS = ("power_gw", "launched_t", "cost_per_gpu_h", "terrestrial_per_gpu_h", "insolvent")


def _maker(name: str) -> Callable[[Params], Policy]:
    return lambda params: make_policy(name, params)


def _played(
    scenario: str, makers: dict[str, Callable[[Params], Policy]]
) -> dict[str, dict[str, np.ndarray]]:
    simulator = make_simulator(scenario, N_WORLDS)
    return {
        name: play(make(simulator.params), simulator, split="test") for name, make in makers.items()
    }


def _means(metrics: dict[str, np.ndarray]) -> list[str]:
    return [f"{float(metrics[key].mean()):,.3g}" for key in _KEYS]


def _interval(values: np.ndarray) -> str:
    return written(mean_interval(values), digits=2)


def _lead(metrics: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> str:
    return written(paired_difference(metrics["value"], other["value"]), signed=True, digits=2)


def draw(target: Path) -> None:
    """Draws one world under two rules: fleet, money, markets, launcher."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(4, 2, figsize=(11, 10), sharex=True, sharey="row")
    for column, name in enumerate(("greedy", "paced")):
        traces, value = _traced(name)
        _draw_column(axes[:, column], traces)
        axes[0, column].set_title(f"{name}: value {value:+.1f} BUSD")
    for row, label in enumerate(
        ("GW in orbit", "BUSD", "MUSD a month", "flights a month; USD/GPU-h")
    ):
        axes[row, 0].set_ylabel(label)
        place = "center right" if row == 3 else "upper left"
        axes[row, 1].legend(fontsize=7, loc=place)
    for axis in axes[-1]:
        axis.set_xlabel("year")
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def _draw_column(axes, traces: dict[str, np.ndarray]) -> None:
    years = np.arange(len(traces["cash"])) / 12.0
    shells = {name: values for name, values in traces.items() if name.startswith("GW ")}
    axes[0].stackplot(years, *shells.values(), labels=[name[3:] for name in shells])
    axes[1].plot(years, traces["cash"], label="cash")
    axes[1].plot(years, traces["debt"], label="debt")
    axes[2].plot(years, traces["revenue"], label="revenue")
    axes[2].plot(years, traces["orders"], label="orders", lw=0.8)
    axes[2].plot(years, traces["launches"], label="launches", lw=0.8)
    axes[3].plot(years, traces["flights"], label="flights without trouble")
    axes[3].plot(years, 10.0 * traces["price"], label="terrestrial price x 10")
    for axis in axes:
        axis.grid(alpha=0.3)
        for month in np.flatnonzero(traces["grounded"]).tolist():
            axis.axvspan(month / 12.0, (month + 1) / 12.0, color="0.85", lw=0)


def _traced(name: str) -> tuple[dict[str, np.ndarray], float]:
    """Returns monthly traces of one test world under a rule, and its value."""
    simulator = make_simulator(DEFAULT, 1)
    policy = make_policy(name, simulator.params)
    simulator.reset([(PICTURE_SEED, 0)], split="test")
    policy.reset(1, 0)
    params, company, outlook = simulator.params, simulator.company, simulator.outlook
    rows: list[dict[str, float]] = []
    for month in range(params.months):
        simulator.step(policy.act(simulator.observations))
        power_gw = company.sats[0].sum(axis=-1) * params.power_w / 1e9
        now = simulator.metrics()
        row = {
            f"GW {shell}": float(one)
            for shell, one in zip(params.shells, power_gw.sum(-1), strict=True)
        }
        row |= {
            "cash": float(company.cash_usd[0]) / 1e9,
            "debt": float(company.debt_usd[0]) / 1e9,
            "revenue": float(company.earned_usd[0]) / 1e6,
            "orders": float(now["orders"][0]) * 1e3,
            "launches": float(now["launches"][0]) * 1e3,
            "flights": float(outlook.flights_per_month[month, 0]),
            "price": float(outlook.price_usd_per_gpu_h[month, 0]),
            "grounded": float(outlook.is_grounded[month, 0]),
        }
        rows.append(row)
    traces = {key: np.array([row[key] for row in rows]) for key in rows[0]}
    for key in ("orders", "launches"):
        traces[key] = np.diff(traces[key], prepend=0.0)
    return traces, float(simulator.metrics()["value"][0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
