"""What a satellite sees: one table; every value is scaled from [low, high] to [-1, 1]."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Feature(NamedTuple):
    """One entry of the observation; values beyond `low` and `high` are clipped."""

    name: str
    low: float
    high: float
    unit: str
    meaning: str

    def to_unit(self, scaled):
        """Returns the value in `unit` from its scaled form in [-1, 1]."""
        return self.low + (scaled + 1.0) * (self.high - self.low) / 2.0


#: A satellite's first features are those its neighbours see as well.
OWN_FEATURES = (
    Feature("charge_fraction", 0, 1, "1", "stored energy over the battery's capacity"),
    Feature("chip_temperature", -20, 100, "degC", "accelerators"),
    Feature("queue", 0, 1, "1", "deferrable queue over what the longest deadline can hold"),
    Feature("illumination", 0, 1, "1", "share of the Sun's disc seen now"),
    Feature("demand_expected", 0, 4, "1", "work of both classes expected in the coming step"),
    Feature("alive", 0, 1, "flag", "1 while the satellite works, 0 once it is lost"),
    Feature("pack_temperature", -20, 60, "degC", "battery pack"),
    Feature("loop_temperature", -40, 100, "degC", "coolant loop"),
    Feature("radiator_temperature", -60, 100, "degC", "radiator"),
    Feature("tripped", 0, 1, "flag", "over-temperature trip holds"),
    Feature("safe_mode", 0, 1, "1", "share of the safe-mode time still to wait"),
    Feature("available_share", 0, 1, "1", "accelerators that work, over all"),
    Feature("pump_health", 0, 1, "1", "coolant flow that the pump loops can give"),
    Feature("array_power", 0, 1, "1", "array power in the last step over its nominal power"),
    Feature("time_to_eclipse", 0, 6000, "s", "until the next shadow; at its bound where none is"),
    Feature("time_to_sunrise", 0, 3000, "s", "until the shadow ends; 0 in sunlight"),
    Feature("eclipse_fraction", 0, 0.5, "1", "share of this orbit in shadow"),
    Feature("sink_temperature", 150, 300, "K", "what the radiator radiates against"),
    Feature("clock", 0, 1, "1", "clock in the last step after throttling, over full clock"),
    Feature("fill", 0, 1, "1", "how full the active accelerators were in the last step"),
    Feature("compute_power", 0, 1, "1", "power of the accelerators over their peak power"),
    Feature("interactive_last", 0, 2, "1", "interactive work of the last step over capacity"),
    Feature("interactive_expected", 0, 2, "1", "interactive work expected in the coming step"),
    Feature(
        "demand_ahead",
        0,
        4,
        "1",
        "what the fore neighbour expects; alone: ten minutes ahead",
    ),
    Feature("interactive_incoming", 0, 2, "1", "interactive work under way from neighbours"),
    Feature("deferrable_incoming", 0, 2, "1", "deferrable work under way from neighbours"),
    Feature("queue_urgent", 0, 1, "1", "part due in the first twelfth of the longest deadline"),
    Feature("queue_soon", 0, 1, "1", "part due in the second and third twelfth"),
    Feature("queue_middle", 0, 1, "1", "part due in the fourth to sixth twelfth"),
    Feature("slot_progress", 0, 1, "1", "how much of the current deadline slot has passed"),
    Feature("proton_flux", 0, 1, "1", "trapped protons here, over their peak on this orbit"),
    Feature("episode_progress", 0, 1, "1", "share of the episode that has passed"),
    Feature("fore_link", 0, 1, "flag", "1 if the laser link to the neighbour ahead is up"),
    Feature("aft_link", 0, 1, "flag", "1 if the laser link to the neighbour behind is up"),
    Feature("left_link", 0, 1, "flag", "1 if the laser link to the plane on the left is up"),
    Feature("right_link", 0, 1, "flag", "1 if the laser link to the plane on the right is up"),
)
NEIGHBOUR_FEATURES = OWN_FEATURES[:5]
DIRECTIONS = ("fore", "aft", "left", "right")
OPPOSITE = (1, 0, 3, 2)

OBSERVATIONS = OWN_FEATURES + tuple(
    feature._replace(
        name=f"{direction}_{feature.name}", meaning=f"the neighbour's: {feature.meaning}"
    )
    for direction in DIRECTIONS
    for feature in NEIGHBOUR_FEATURES
)
N_OBS = len(OBSERVATIONS)
N_OWN = len(OWN_FEATURES)
N_NEIGHBOUR = len(NEIGHBOUR_FEATURES)
INDEX = {feature.name: index for index, feature in enumerate(OBSERVATIONS)}


def in_units(observations: np.ndarray, name: str) -> np.ndarray:
    """Returns the feature `name` of observations (..., N_OBS) in its unit, shape (...)."""
    return OBSERVATIONS[INDEX[name]].to_unit(observations[..., INDEX[name]])
