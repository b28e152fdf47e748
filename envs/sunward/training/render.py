"""A look at a gang: a panel of text."""

from __future__ import annotations

import numpy as np

from sunward.training.features import in_units
from sunward.training.simulator import GangSimulator

#: Label, feature, unit, factor of the bars of the satellites.
_GAUGES = (
    ("charge", "charge_fraction", "%", 100.0),
    ("array power", "array_power", "%", 100.0),
    ("compute power", "compute_power", "%", 100.0),
    ("own pace", "own_pace", "%", 100.0),
    ("chips", "chip_temperature", "C", 1.0),
)
_BAR = 20


def text(simulator: GangSimulator, env: int) -> str:
    """Returns a world as text: the job, the gang, and how its satellites are."""
    seen = simulator.observations[env]
    lines = [*_headlines(simulator, env, seen[0])]
    for label, feature, unit, factor in _GAUGES:
        values = in_units(seen, feature).astype(np.float64) * factor
        bar = "#" * round(_BAR * min(max(float(values.mean()) / 100.0, 0.0), 1.0))
        spread = f"{values.min():.0f} to {values.max():.0f}"
        lines.append(f"{label:<14}[{bar:-<{_BAR}}] {values.mean():4.0f} {unit}  {spread}")
    return "\n".join(lines)


def _headlines(simulator: GangSimulator, env: int, shown: np.ndarray) -> tuple[str, str, str]:
    params = simulator.params
    step = int(simulator.step_count[env])
    hours = step * params.service.step_s / 3600.0
    metrics = {name: float(values[env]) for name, values in simulator.metrics().items()}
    members = int(simulator.is_member[env].sum())
    return (
        f"{params.scenario_id}  {hours:.1f} h  step {step} of {simulator.episode_steps}",
        f"score {metrics['value']:.3f}  job {int(simulator.gang('job')[env])}, "
        f"{100.0 * float(in_units(shown, 'job_progress')):.0f} % done  {members} of "
        f"{int(simulator.gang('size')[env])} places taken",
        f"pace {float(in_units(shown, 'pace')):.2f}  unsaved "
        f"{float(in_units(shown, 'unsaved_work')):.0f} min  waits "
        f"{float(in_units(shown, 'pause')):.1f} min  {metrics['interruptions']:.0f} interruptions",
    )
