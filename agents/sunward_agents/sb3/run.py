"""The folder of a training run, and the learner that its configuration describes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import yaml
from stable_baselines3.common.logger import Logger, TensorBoardOutputFormat
from torch.utils.tensorboard.writer import SummaryWriter

from sunward.core.simulator import Simulator
from sunward.core.varied import VariedSimulator
from sunward.scenario import ScenarioError
from sunward_agents.atomic import write_text
from sunward_agents.errors import UsageError
from sunward_agents.games import FLEET, Game, game_of
from sunward_agents.run_folder import make_folder, new_run_folder
from sunward_agents.sb3.checkpoint import load_checkpoint, restore
from sunward_agents.sb3.imitation import chosen_teacher
from sunward_agents.sb3.learner import FleetPPO
from sunward_agents.sb3.options import chosen_device, ppo_options, refuse_tensors
from sunward_agents.sb3.tensor_env import TensorVecEnv
from sunward_agents.sb3.tensor_fleet import make_fleet
from sunward_agents.sb3.tensor_learner import TensorPPO
from sunward_agents.sb3.vec_env import SatelliteVecEnv
from sunward_agents.train_config import TrainConfig, load_train_config
from sunward_agents.variation import varied_params

CONFIG_FILE = "config.yaml"
CHECKPOINTS = "checkpoints"


@dataclass
class Run:
    """A training run: where it lies, what it trains, and the validations so far."""

    config: TrainConfig
    folder: Path
    game: Game
    model: FleetPPO
    validation: Simulator
    curve: list[dict[str, float]] = field(default_factory=list)

    @property
    def scenario_id(self) -> str:
        """Id of the scenario that is trained on."""
        return self.validation.params.scenario_id

    @property
    def content_hash(self) -> str:
        """Identity of the worlds that are trained on."""
        return self.validation.params.content_hash


def new_run(config: TrainConfig) -> Run:
    """Returns a run at its start; only then, with all checked, is its folder made."""
    config = _with_absolute_paths(config)
    resume = f", or continue it with --resume {config.run_dir}"
    folder = new_run_folder(config.run_dir, Path(config.scenario).stem, resume)
    run = _build(config, folder)
    run.model.begin(config.total_steps)
    make_folder(folder)
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
    write_text(folder / CONFIG_FILE, text)
    run.model.set_logger(_logger(folder, 0))
    return run


def resumed_run(folder: Path) -> Run:
    """Returns the run in `folder` exactly as its newest checkpoint left it."""
    if not (folder / CONFIG_FILE).is_file():
        raise UsageError(f"{folder}: is no folder of a run: it holds no {CONFIG_FILE}")
    checkpoint = load_checkpoint(folder / CHECKPOINTS)
    run = _build(load_train_config(folder / CONFIG_FILE), folder)
    if checkpoint["history"]["content_hash"] != run.content_hash:
        raise UsageError(
            f"{folder}: its scenario {run.scenario_id} has changed since, content hash "
            f"{run.content_hash[:12]}: train anew, or bring the old scenario or trace back"
        )
    run.model.begin(run.config.total_steps)
    restore(run.model, checkpoint["model"])
    run.curve = checkpoint["history"]["curve"]
    run.model.set_logger(_logger(folder, run.model.num_timesteps + 1))
    return run


def unlogged_learner(config: TrainConfig) -> FleetPPO:
    """Returns a learner at its start that leaves no trace on the disk, for measurements."""
    model = _build(config, Path()).model
    model.begin(config.total_steps)
    model.set_logger(Logger(folder=None, output_formats=[]))
    return model


def _build(config: TrainConfig, folder: Path) -> Run:
    torch.set_num_threads(config.threads)
    game, device = game_of(config.scenario), chosen_device(config.device)
    make_learner = _tensor_learner if _plays_tensors(config, game, device) else _learner
    _check_variation(config, game, device)
    validation = game.simulator(
        config.scenario, config.validation_worlds, config.threads, _overrides(config)
    )
    n_rows = validation.n_sats * config.n_worlds * config.n_steps
    if config.batch_size > n_rows:
        raise ScenarioError(
            f"batch_size is {config.batch_size}, must be at most the {n_rows} satellite-steps of a "
            "rollout: lower it, or raise n_worlds or n_steps"
        )
    random.seed(config.seed)
    return Run(config, folder, game, make_learner(config, game, validation), validation)


def _check_variation(config: TrainConfig, game: Game, device: str) -> None:
    """Raises UsageError where worlds shall vary that cannot."""
    if config.vary and (game is not FLEET or _plays_tensors(config, game, device)):
        raise UsageError(
            "vary draws worlds of a fleet that are stepped through NumPy: drop it, or use a "
            "scenario of a fleet with --device cpu --engine local"
        )
    if config.vary and config.variants > config.n_worlds:
        raise UsageError(
            f"variants is {config.variants}, must be at most the {config.n_worlds} worlds of "
            "n_worlds: each variant plays in one at least"
        )


def _plays_tensors(config: TrainConfig, game: Game, device: str) -> bool:
    """Tells whether worlds are tensors where the learner is, as those of fleets are on a GPU."""
    if game is not FLEET:
        refuse_tensors(config)
        return False
    return config.engine == "tensor" or device == "cuda"


def _tensor_learner(config: TrainConfig, game: Game, like: Simulator) -> FleetPPO:
    device = chosen_device(config.device)
    fleet = make_fleet(like.params, config.n_worlds, device, config.threads)
    env = TensorVecEnv(fleet, seed=config.seed, split="train")
    return TensorPPO(env, **_options(config, game, like))


def _learner(config: TrainConfig, game: Game, like: Simulator) -> FleetPPO:
    env = SatelliteVecEnv(
        _training_worlds(config, like),
        seed=config.seed,
        split="train",
        stagger=True,
        worlds=game.worlds,
    )
    return FleetPPO(env, **_options(config, game, like))


def _training_worlds(config: TrainConfig, like: Simulator) -> Simulator | VariedSimulator:
    if not config.vary:
        return type(like)(like.params, config.n_worlds, n_threads=config.threads)
    variants = varied_params(
        config.scenario, config.vary, config.variants, config.seed, _overrides(config)
    )
    return VariedSimulator(variants, config.n_worlds, n_threads=config.threads)


def _overrides(config: TrainConfig) -> dict[str, Any]:
    return {} if config.workload is None else {"demand.trace": config.workload}


def _options(config: TrainConfig, game: Game, like: Simulator) -> dict[str, Any]:
    return {
        "reward_scale": config.reward_scale,
        "terms": game.terms,
        "teacher": chosen_teacher(config, game.rules, lambda name: game.rule(name, like.params)),
        **ppo_options(config),
    }


class _Curves(TensorBoardOutputFormat):
    """SB3's TensorBoard writer, which hides what a killed run wrote after its checkpoint."""

    def __init__(self, folder: Path, purge_step: int) -> None:
        self.writer = SummaryWriter(str(folder), purge_step=purge_step or None)
        self._is_closed = False


def _logger(folder: Path, purge_step: int) -> Logger:
    if purge_step:
        # TensorBoard reads files in the order of the whole second in their names: one that was
        # begun in the second of the killed run's may be read first, and then purges nothing.
        time.sleep(1.0)
    return Logger(folder=None, output_formats=[_Curves(folder / "tensorboard", purge_step)])


def _with_absolute_paths(config: TrainConfig) -> TrainConfig:
    """Returns the configuration with paths that hold from any folder, for a later resume."""
    changes: dict[str, Any] = {}
    for key in ("scenario", "workload"):
        value = getattr(config, key)
        if value is not None and Path(value).is_file():
            changes[key] = str(Path(value).resolve())
    return config.model_copy(update=changes)
