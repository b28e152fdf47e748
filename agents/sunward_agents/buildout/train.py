"""PPO for the build-out: Stable-Baselines3's own learner on `BuildoutVecEnv`, and a closing table.

The fleet's trainer is made for satellites that share a policy, staggered episodes and cut-off
values; a company has none of these. What it shares is the configuration and the folder's files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import yaml
from stable_baselines3.common.callbacks import BaseCallback

from sunward.buildout.levers import LeverTable
from sunward_agents.atomic import write_text
from sunward_agents.buildout.evaluate import comparison
from sunward_agents.buildout.play import make_simulator, play
from sunward_agents.buildout.rules import POLICIES, make_policy
from sunward_agents.buildout.trained import load_trained_policy, save_actor
from sunward_agents.buildout.vec_env import BuildoutVecEnv
from sunward_agents.commands.output import console
from sunward_agents.errors import UsageError
from sunward_agents.progress import Bar
from sunward_agents.run_folder import make_folder, new_run_folder
from sunward_agents.sb3.imitation import TaughtPPO, chosen_teacher
from sunward_agents.sb3.options import ppo_options, refuse_tensors
from sunward_agents.sb3.saved_policy import TrainedPolicy, actor_of
from sunward_agents.train_config import TrainConfig


def train(config: TrainConfig) -> int:
    """Trains as `config` says and compares with every rule; returns the exit code.

    The run's folder then holds config.yaml, curve.csv, policy.json and policy.pt: the policy of
    the best validation.
    """
    n_rows = config.n_worlds * config.n_steps
    if config.batch_size > n_rows:
        raise UsageError(
            f"batch_size is {config.batch_size}, must be at most the {n_rows} months of a rollout: "
            "lower it, or raise n_worlds or n_steps"
        )
    if config.workload is not None:
        raise UsageError(f"workload plays a trace, {config.scenario} has none: drop it")
    refuse_tensors(config)
    folder = new_run_folder(config.run_dir, Path(config.scenario).stem)
    torch.set_num_threads(config.threads)
    simulator = make_simulator(config.scenario, config.n_worlds)
    env = BuildoutVecEnv(simulator, seed=config.seed, reward_scale=config.reward_scale)
    model = TaughtPPO("MlpPolicy", env, **ppo_options(config))
    model.teacher = chosen_teacher(
        config, POLICIES, lambda name: make_policy(name, simulator.params)
    )
    _begin_cautiously(model, simulator.levers)
    make_folder(folder)
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
    write_text(folder / "config.yaml", text)
    out = console()
    out.print(f"{config.scenario}: training in {folder}", soft_wrap=True)
    with Bar("training", config.total_steps) as bar:
        model.learn(config.total_steps, callback=_Validation(config, folder, bar))
    policies = {name: make_policy(name, simulator.params) for name in POLICIES}
    best = load_trained_policy(folder, simulator.params)
    out.print(comparison({"trained": best, **policies}, config.scenario, config.test_worlds))
    return 0


#: What an untrained company does, as levels of the levers: the middle of each is ruin within years.
CAUTIOUS = {"lift_used": 0.9, "debt": -0.9, "retire_age": 0.6}
CAUTIOUS_ORDER = -0.8


def _begin_cautiously(model: TaughtPPO, levers: LeverTable) -> None:
    """Moves the first actor's mean action to that of a company that orders little and owes little.

    From the middle of the levers PPO learns first to hold, and then has nothing to learn from.
    """
    levels = {name: CAUTIOUS_ORDER for name in levers.names if name.startswith("order_")} | CAUTIOUS
    bias: Any = model.policy.action_net.bias  # SB3 does not type its layers
    with torch.no_grad():
        for name, level in levels.items():
            bias[levers.index[name]] = level


class _Validation(BaseCallback):
    """Plays the mean action on validation worlds now and then, and keeps the best actor."""

    def __init__(self, config: TrainConfig, folder: Path, bar: Bar) -> None:
        super().__init__()
        self._config, self._folder, self._bar = config, folder, bar
        self._worlds = make_simulator(config.scenario, config.validation_worlds)
        self._curve = ["steps,value"]
        self._best, self._next = float("-inf"), 0

    def _on_step(self) -> bool:
        return True

    def _on_rollout_end(self) -> None:
        if self.num_timesteps < self._next:
            return
        self._validate()
        self._next = self.num_timesteps + self._config.validation_steps

    def _on_training_end(self) -> None:
        self._validate()

    def _validate(self) -> None:
        actor = actor_of(self.model.policy)
        metrics = play(TrainedPolicy(actor), self._worlds, split="validation")
        value = float(metrics["value"].mean())
        self._curve.append(f"{self.num_timesteps},{value:.4f}")
        write_text(self._folder / "curve.csv", "\n".join(self._curve) + "\n")
        if value > self._best:
            self._best = value
            save_actor(self._folder, actor, self._worlds.params, self.num_timesteps)
        self._bar.update(self.num_timesteps, f"validation value {value:.2f}")
