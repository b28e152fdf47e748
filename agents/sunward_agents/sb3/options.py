"""What Stable-Baselines3's PPO is told of a training configuration."""

from __future__ import annotations

from typing import Any

import torch

from sunward_agents.errors import UsageError
from sunward_agents.sb3.saved_policy import ACTIVATIONS
from sunward_agents.train_config import TrainConfig


def ppo_options(config: TrainConfig) -> dict[str, Any]:
    """Returns the options of `stable_baselines3.PPO`, without policy and environment.

    Raises: UsageError where CUDA is asked for and absent.
    """
    first, change = config.learning_rate, config.final_learning_rate - config.learning_rate
    return {
        # The last rollout may pass the end, where SB3's share left falls below zero.
        "learning_rate": lambda left: first + min(1.0, 1.0 - left) * change,
        "n_steps": config.n_steps,
        "batch_size": config.batch_size,
        "n_epochs": config.n_epochs,
        "gamma": config.gamma,
        "gae_lambda": config.gae_lambda,
        "clip_range": config.clip_range,
        "ent_coef": config.ent_coef,
        "vf_coef": config.vf_coef,
        "max_grad_norm": config.max_grad_norm,
        "policy_kwargs": {
            "net_arch": list(config.net),
            "activation_fn": ACTIVATIONS[config.activation],
            "log_std_init": config.log_std_init,
        },
        "seed": config.seed,
        "device": chosen_device(config.device),
    }


def chosen_device(name: str) -> str:
    """Returns "cpu" or "cuda"; raises UsageError where CUDA is asked for and absent."""
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError("device is cuda, and torch finds no CUDA device: use --device cpu")
    return name


def refuse_tensors(config: TrainConfig) -> None:
    """Raises: UsageError where a scenario that is no fleet's is to be played in tensors."""
    if config.engine == "tensor":
        raise UsageError(
            f"engine is tensor, which plays fleets and not {config.scenario}: use --engine local"
        )
