"""What a run ends with: every policy on the same test worlds, and the learning curve."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from sunward_agents.evaluate import Worlds, evaluate, play, stages
from sunward_agents.policies import POLICIES, load_policy
from sunward_agents.progress import Bar
from sunward_agents.results import Result, write_result
from sunward_agents.sb3.curve import draw_curve, write_curve
from sunward_agents.sb3.run import Run
from sunward_agents.statistics import Estimate, mean_interval
from sunward_agents.tables import SCORE, detail_table, score_table

TRAINED = "trained"


def report(run: Run, console: Console) -> dict[str, Result]:
    """Evaluates, writes results and curve into the run's folder, and prints the table."""
    results = _results(run)
    for name, result in results.items():
        write_result(run.folder / "results" / f"{name}.json", result)
    _curve(run)
    console.print(detail_table(results))
    console.print(score_table(results, against=TRAINED))
    files = "policy.json, policy.pt, results/, curve.png, curve.csv"
    console.print(f"in {run.folder}: {files}", soft_wrap=True)
    return results


def _results(run: Run) -> dict[str, Result]:
    """Returns the result of the trained policy and of every rule, on the same test worlds."""
    worlds = [Worlds(run.scenario, "test", run.config.test_worlds)]
    ready = stages(worlds, run.config.threads)
    sources: dict[str, str | Path] = {TRAINED: run.folder, **{name: name for name in POLICIES}}
    results: dict[str, Result] = {}
    with Bar("testing", len(sources)) as bar:
        for index, (name, source) in enumerate(sources.items()):
            policy = load_policy(source)
            results[name] = evaluate(policy, name, ready)
            bar.update(index + 1)
    return results


def _curve(run: Run) -> None:
    n_worlds = run.config.validation_worlds
    write_curve(run.folder / "curve.csv", run.curve)
    draw_curve(
        run.folder / "curve.png",
        run.curve,
        _rules_on_validation(run),
        title=f"PPO on {run.scenario.id}, seed {run.config.seed}, one run",
        worlds=f"mean of {n_worlds} validation worlds",
    )


def _rules_on_validation(run: Run) -> dict[str, Estimate]:
    """Returns what each rule achieves on the worlds that the curve was measured on."""
    return {
        name: mean_interval(play(load_policy(name), run.validation, split="validation")[SCORE])
        for name in POLICIES
    }
