"""A learner's first lessons: what a rule would do where the learner finds itself.

The learner plays, the rule says what it would have done there, and the actor's mean is drawn to
that, while the critic learns what the learner's own play returns: so neither the actor nor the
critic is a stranger to the other when PPO takes over.

Reference: S. Ross, G. Gordon, D. Bagnell, A reduction of imitation learning and structured
prediction to no-regret online learning (2011), algorithm 3.1 with beta 0 and the last round's data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.utils import update_learning_rate
from torch.nn import functional

from sunward.scenario.errors import suggestion
from sunward_agents.errors import UsageError
from sunward_agents.policies import Policy
from sunward_agents.sb3.saved_policy import actor_of
from sunward_agents.train_config import TrainConfig

RANDOM = "random"
#: Of Adam during the lessons. PPO goes on at its own, which may have to be far lower: what has been
#: learnt by rote is soon lost.
LEARNING_RATE = 1.0e-3


@dataclass(frozen=True)
class Teacher:
    """A rule without memory, and how long it is followed."""

    rule: Policy
    steps: int  # satellite-steps before PPO takes over

    def teaches(self, model: Any) -> bool:
        """Returns whether the rollout that `model` has just collected is a lesson."""
        return model.num_timesteps <= self.steps

    def teach(self, model: Any) -> None:
        """Goes over the learner's rollout as often as PPO would, with the rule's actions."""
        model.policy.set_training_mode(True)
        update_learning_rate(model.policy.optimizer, LEARNING_RATE)
        actor = actor_of(model.policy)
        misses = [
            self._study(model, actor, batch)
            for _ in range(model.n_epochs)
            for batch in model.rollout_buffer.get(model.batch_size)
        ]
        model.logger.record("train/imitation_loss", float(np.mean(misses)))

    def _study(self, model: Any, actor: torch.nn.Module, batch: Any) -> float:
        """Takes a step towards what the rule would do; returns how far the actor was from it."""
        wanted = torch.from_numpy(self.rule.act(batch.observations.cpu().numpy()))
        miss = functional.mse_loss(actor(batch.observations), wanted.to(batch.observations.device))
        values = model.policy.predict_values(batch.observations).flatten()
        loss = miss + model.vf_coef * functional.mse_loss(values, batch.returns)
        model.policy.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.policy.parameters(), model.max_grad_norm)
        model.policy.optimizer.step()
        return float(miss.detach())


def chosen_teacher(
    config: TrainConfig, rules: Collection[str], rule: Callable[[str], Policy]
) -> Teacher | None:
    """Returns the rule that a configuration wants to be imitated, of those that there are.

    Raises: UsageError naming the nearest of them: a rule that draws its actions teaches nothing.
    """
    if config.imitate is None:
        return None
    teachers = [name for name in rules if name != RANDOM]
    if config.imitate not in teachers:
        nearest = suggestion(config.imitate, teachers)
        raise UsageError(f"imitate: no rule {config.imitate!r}: {nearest}")
    return Teacher(rule(config.imitate), config.imitate_steps)


class TaughtPPO(PPO):
    """Stable-Baselines3's PPO that may follow a rule before it learns from the reward."""

    teacher: Teacher | None = None

    def train(self) -> None:
        """Learns from the rollout: by the rule's actions at first, by the reward then."""
        if self.teacher is not None and self.teacher.teaches(self):
            self.teacher.teach(self)
        else:
            super().train()
