"""Demand by control step, as the simulator's kernel draws it: its NumPy reference.

    work = base x day(local hour) x exp(s y - s^2 / 2) x exp(f z - f^2 / 2)

y is the slow modulation (`modulation`), z a standard normal of each step. What a step of many
requests scatters about its expectation goes into f: a step of N requests on the mean has the
squared variation c / N, so f^2 = ln(1 + c / N).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sunward.workload.daily import DailyShape
from sunward.workload.modulation import Modulation, ModulationPath
from sunward.workload.profile import daily_shape, modulation
from sunward.workload.profile_models import ClassFigures, DemandProfile


def requests_per_step(figures: ClassFigures, gpu_s_per_step: np.ndarray | float) -> np.ndarray:
    """Returns the mean requests that bring this much work (GPU-s) in a step."""
    return np.asarray(gpu_s_per_step, dtype=np.float64) / figures.gpu_s_per_request.value


def fast_deviation(figures: ClassFigures, gpu_s_per_step: np.ndarray | float) -> np.ndarray:
    """Returns f, the deviation of the logarithm from step to step.

    Args:
        figures: A class of a profile.
        gpu_s_per_step: Mean work of the site in a step, above 0.
    """
    requests = requests_per_step(figures, gpu_s_per_step)
    return np.sqrt(np.log1p(figures.step_variance_requests.value / requests))


def slow_deviation(
    profile: DemandProfile, figures: ClassFigures, gpu_s_per_step: np.ndarray | float
) -> np.ndarray:
    """Returns s, the deviation of the logarithm of the slow modulation.

    Args:
        profile: Fitted figures.
        figures: A class of it.
        gpu_s_per_step: Mean work of the site in a step, above 0.
    """
    rate_per_s = requests_per_step(figures, gpu_s_per_step) / profile.step_s
    return modulation(profile).deviation(rate_per_s)


@dataclass(frozen=True)
class StepDemand:
    """Work of one class at one site, step by step.

    Attributes:
        base_gpu_s: Mean GPU-seconds a step.
        day: The daily shape.
        daily_depth: How much of it counts, 0 to 1.
        slow: The slow modulation.
        slow_deviation: s.
        fast_deviation: f.
        step_s: Length of a step.
    """

    base_gpu_s: float
    day: DailyShape
    daily_depth: float
    slow: Modulation
    slow_deviation: float
    fast_deviation: float
    step_s: float

    def expected(self, n_steps: int, local_hour: float) -> np.ndarray:
        """Returns GPU-seconds expected by the clock alone, (n_steps,).

        Args:
            n_steps: Number of steps.
            local_hour: Of the local clock, at the start of the first step.
        """
        return self.base_gpu_s * self.day.factor(
            local_hour + self._middle_s(n_steps) / 3600.0, self.daily_depth
        )

    def draw(
        self,
        n_steps: int,
        rng: np.random.Generator,
        local_hour: float = 0.0,
        path: ModulationPath | None = None,
    ) -> np.ndarray:
        """Returns GPU-seconds drawn, (n_steps,); `path` is drawn when left out."""
        middle_s = self._middle_s(n_steps)
        path = path or self.slow.path(n_steps * self.step_s, rng)
        f = self.fast_deviation
        fast = np.exp(f * rng.standard_normal(n_steps) - 0.5 * f * f)
        slow = path.factor(middle_s, self.slow_deviation)
        return self.expected(n_steps, local_hour) * slow * fast

    def _middle_s(self, n_steps: int) -> np.ndarray:
        return self.step_s * (np.arange(n_steps) + 0.5)


def step_demand(
    profile: DemandProfile, gpu_s_per_step: float, work_class: str = "interactive"
) -> StepDemand:
    """Returns the step-level model of a site that gets this much work (GPU-s) a step."""
    figures = profile.deferrable if work_class == "deferrable" else profile.interactive
    return StepDemand(
        base_gpu_s=gpu_s_per_step,
        day=daily_shape(profile),
        daily_depth=figures.daily_depth.value,
        slow=modulation(profile),
        slow_deviation=float(slow_deviation(profile, figures, gpu_s_per_step)),
        fast_deviation=float(fast_deviation(figures, gpu_s_per_step)),
        step_s=profile.step_s,
    )
