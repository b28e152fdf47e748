"""What a run ends with: every policy on the same test worlds, and the learning curve."""

from __future__ import annotations

from rich.console import Console

from sunward_agents.evaluate import Stage, evaluate, play
from sunward_agents.policies import Policy
from sunward_agents.progress import Bar
from sunward_agents.results import Result, write_result
from sunward_agents.sb3.curve import draw_curve, write_curve
from sunward_agents.sb3.run import Run
from sunward_agents.sb3.saved_policy import load_trained_policy
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
    config, like = run.config, run.validation
    simulator = type(like)(like.params, config.test_worlds, n_threads=config.threads)
    ready = [Stage(run.scenario_id, "test", simulator)]
    trained = load_trained_policy(run.folder, run.game.tables)
    results: dict[str, Result] = {}
    with Bar("testing", len(run.game.rules) + 1) as bar:
        for index, (name, policy) in enumerate([(TRAINED, trained), *_rules(run)]):
            results[name] = evaluate(policy, name, ready)
            bar.update(index + 1)
    return results


def _rules(run: Run) -> list[tuple[str, Policy]]:
    return [(name, run.game.rule(name, run.validation.params)) for name in run.game.rules]


def _curve(run: Run) -> None:
    n_worlds = run.config.validation_worlds
    write_curve(run.folder / "curve.csv", run.curve)
    draw_curve(
        run.folder / "curve.png",
        run.curve,
        _rules_on_validation(run),
        title=f"PPO on {run.scenario_id}, seed {run.config.seed}, one run",
        worlds=f"mean of {n_worlds} validation worlds",
    )


def _rules_on_validation(run: Run) -> dict[str, Estimate]:
    """Returns what each rule achieves on the worlds that the curve was measured on."""
    return {
        name: mean_interval(play(rule, run.validation, split="validation")[SCORE])
        for name, rule in _rules(run)
    }
