"""Training from the first step or from a checkpoint to the closing table."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sunward_agents.commands.output import console
from sunward_agents.evaluate import play
from sunward_agents.progress import Bar
from sunward_agents.sb3.checkpoint import save_checkpoint
from sunward_agents.sb3.profile import profile_table
from sunward_agents.sb3.report import report
from sunward_agents.sb3.run import CHECKPOINTS, Run, new_run, resumed_run
from sunward_agents.sb3.saved_policy import TrainedPolicy, actor_of, save_actor
from sunward_agents.train_config import TrainConfig

#: What a shell expects of a command that Ctrl-C ended.
INTERRUPTED = 130


def train(config: TrainConfig | None, resume: Path | None = None, *, profile: bool = False) -> int:
    """Trains as `config` says, or goes on with the run in `resume`; returns the exit code.

    The run's folder then holds config.yaml, policy.json and policy.pt, results/, curve.png,
    curve.csv, tensorboard/ and checkpoints/. With `profile` a table tells where the time went.
    """
    if resume is not None:
        run = resumed_run(resume)
    else:
        assert config is not None
        run = new_run(config)
    if profile:
        run.model.time_exactly()
    out = console()
    out.print(f"{run.scenario_id}: training in {run.folder}", soft_wrap=True)
    has_finished = _learn(run)
    if profile:
        out.print(profile_table(run.model))
    if not has_finished:
        out.print(f"stopped: continue with python train.py --resume {run.folder}", soft_wrap=True)
        return INTERRUPTED
    actor, steps = actor_of(run.model.policy), run.model.num_timesteps
    save_actor(run.folder, actor, scenario=run.scenario_id, steps=steps, tables=run.game.tables)
    report(run, out)
    return 0


def _learn(run: Run) -> bool:
    """Trains to the end, saving on the way; returns False where Ctrl-C stopped it."""
    model, total = run.model, run.config.total_steps
    with _stop_on_signal() as stop, Bar("training", total) as bar:
        if not run.curve:
            _validate(run)  # the untrained policy: where the curve begins
            model.logger.dump(0)
        while model.num_timesteps < total and not stop.is_set():
            before = model.num_timesteps
            model.iterate()
            if _passes(before, model.num_timesteps, run.config.validation_steps) or _is_done(run):
                _validate(run)
            model.logger.dump(model.num_timesteps)
            if _passes(before, model.num_timesteps, run.config.checkpoint_steps) or _is_done(run):
                _save(run)
            bar.update(model.num_timesteps, _note(run))
        if stop.is_set():
            _save(run)
    return not stop.is_set()


def _note(run: Run) -> str:
    pace = f"{run.model.steps_per_s:,.0f} satellite-steps/s"
    return f"{pace}, validation value {run.curve[-1]['value']:.4f}" if run.curve else pace


def _is_done(run: Run) -> bool:
    return run.model.num_timesteps >= run.config.total_steps


def _passes(before: int, after: int, every: int) -> bool:
    """True if a multiple of `every` lies in (before, after]."""
    return before // every < after // every


def _validate(run: Run) -> None:
    """Plays the mean action on worlds of their own split and logs what it achieves."""
    metrics = play(TrainedPolicy(actor_of(run.model.policy)), run.validation, split="validation")
    value = float(metrics["value"].mean())
    reward = float(metrics["reward"].mean()) / run.validation.n_sats
    run.curve.append({"steps": run.model.num_timesteps, "value": value, "reward": reward})
    run.model.logger.record("eval/value", value)
    run.model.logger.record("eval/mean_reward", reward)


def _save(run: Run) -> None:
    history = {"curve": run.curve, "content_hash": run.content_hash}
    save_checkpoint(run.folder / CHECKPOINTS, run.model, history)


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    """Yields an event that Ctrl-C sets, so that a step is never cut; a second one interrupts."""
    stop = threading.Event()

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop  # only the main thread may handle signals
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
