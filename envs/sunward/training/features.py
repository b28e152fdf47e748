"""What a satellite of a gang sees: its own state, the gang's, and that of its weakest members.

One table; every value is scaled from [low, high] to [-1, 1], as in `sunward.core.observations`.
"""

from __future__ import annotations

import numpy as np

from sunward.core.observations import INDEX as SATELLITE_INDEX
from sunward.core.observations import OBSERVATIONS as SATELLITE_OBSERVATIONS
from sunward.core.observations import Feature
from sunward.training.gang import GANG
from sunward.training.params import Gang

#: Taken over from the simulator; what tells of demand, queues and links has no meaning here.
OWN = (
    "charge_fraction",
    "chip_temperature",
    "illumination",
    "alive",
    "pack_temperature",
    "loop_temperature",
    "radiator_temperature",
    "tripped",
    "safe_mode",
    "available_share",
    "pump_health",
    "array_power",
    "time_to_eclipse",
    "time_to_sunrise",
    "eclipse_fraction",
    "sink_temperature",
    "clock",
    "compute_power",
    "proton_flux",
    "episode_progress",
)
MINUTE_S, HOUR_S = 60.0, 3600.0

#: Of the satellite in its gang.
PLACE_FEATURES = (
    Feature("member", 0, 1, "flag", "1 in the gang"),
    Feature("own_pace", 0, 1, "1", "own work of the last step over capacity"),
    Feature("lead", 0, 1, "1", "part of it beyond the slowest member's, over capacity"),
)
#: Of the gang, the same for all satellites.
GANG_FEATURES = (
    Feature("pace", 0, 1, "1", "work of the slowest member in the last step over capacity"),
    Feature("member_share", 0, 1, "1", "members over satellites"),
    Feature("job_size", 0, 1, "1", "satellites that the job can use, over all"),
    Feature("vacant_share", 0, 1, "1", "places of the job that nobody takes"),
    Feature("job_progress", 0, 1, "1", "work done over the job's"),
    Feature("job_left", 0, 24, "h", "work left at full clock with all places taken"),
    Feature("unsaved_work", 0, 120, "min", "since the checkpoint, all places at full clock"),
    Feature("saving", 0, 1, "flag", "1 while a checkpoint is under way"),
    Feature("since_save", 0, 120, "min", "time since a checkpoint was asked for"),
    Feature("pause", 0, 15, "min", "that the gang still waits before it computes"),
    Feature("hazard", 0, 10, "1/h", "upsets of members to expect at the flux of now"),
    Feature("least_charge", 0, 1, "1", "charge of the emptiest member"),
    Feature("mean_charge", 0, 1, "1", "mean charge of the members"),
    Feature("hottest_chip", -20, 100, "degC", "chips of the hottest member"),
    Feature("lit_share", 0, 1, "1", "members in sunlight"),
    Feature("longest_night", 0, 3000, "s", "until the last member that is dark sees the Sun"),
)
FEATURES = (
    *(SATELLITE_OBSERVATIONS[SATELLITE_INDEX[name]] for name in OWN),
    *PLACE_FEATURES,
    *GANG_FEATURES,
)
N_FEATURES = len(FEATURES)
INDEX = {feature.name: index for index, feature in enumerate(FEATURES)}

_OWN_COLUMNS = [SATELLITE_INDEX[name] for name in OWN]
_N_OWN = len(OWN)
_LOW = np.array([feature.low for feature in FEATURES[_N_OWN:]])
_SPAN = np.array([feature.high - feature.low for feature in FEATURES[_N_OWN:]])


def in_units(observations: np.ndarray, name: str) -> np.ndarray:
    """Returns the feature `name` of observations (..., N_FEATURES) in its unit, shape (...)."""
    return FEATURES[INDEX[name]].to_unit(observations[..., INDEX[name]])


def observe(
    out: np.ndarray,
    seen: np.ndarray,
    states: np.ndarray,
    is_member: np.ndarray,
    done: np.ndarray,
    gang: Gang,
) -> None:
    """Writes what every satellite sees.

    Args:
        out: float32 (n_envs, n_sats, N_FEATURES).
        seen: The simulator's observations, (n_envs, n_sats, N_OBS).
        states: The gangs, (n_envs, len(GANG)).
        is_member: bool (n_envs, n_sats).
        done: GPU-s of each satellite in the last step, (n_envs, n_sats).
        gang: The `Gang`.
    """
    out[..., :_N_OWN] = seen[..., _OWN_COLUMNS]
    pace = states[:, GANG.slowest] / gang.capacity_work
    own_pace = done / gang.capacity_work
    place = (is_member, own_pace, np.maximum(own_pace - pace[:, None], 0.0))
    common = _common(seen, states, is_member, gang)
    values = [np.broadcast_to(value, is_member.shape) for value in place]
    values += [np.broadcast_to(value[:, None], is_member.shape) for value in (pace, *common)]
    scaled = 2.0 * (np.stack(values, axis=-1) - _LOW) / _SPAN - 1.0
    out[..., _N_OWN:] = np.clip(scaled, -1.0, 1.0)


def _common(
    seen: np.ndarray, states: np.ndarray, is_member: np.ndarray, gang: Gang
) -> tuple[np.ndarray, ...]:
    """Returns the values of `GANG_FEATURES` but the first, each (n_envs,), in its unit."""
    n_sats = is_member.shape[1]
    members = is_member.sum(axis=1)
    size, work = states[:, GANG.size], states[:, GANG.work]
    done = states[:, GANG.saved] + states[:, GANG.unsaved]
    full_rate = size * gang.accelerators
    light = _own(seen, "illumination") > 0.5
    charge, night_s = _own(seen, "charge_fraction"), _own(seen, "time_to_sunrise")
    return (
        members / n_sats,
        size / n_sats,
        np.maximum(size - members, 0.0) / size,
        done / work,
        (work - done) / full_rate / HOUR_S,
        states[:, GANG.unsaved] / full_rate / MINUTE_S,
        states[:, GANG.saving] > 0.0,
        states[:, GANG.since_save_s] / MINUTE_S,
        states[:, GANG.pause_s] / MINUTE_S,
        states[:, GANG.hazard_per_h],
        np.where(is_member, charge, 1.0).min(axis=1),
        _mean(charge, is_member),
        np.where(is_member, _own(seen, "chip_temperature"), -20.0).max(axis=1),
        _mean(light, is_member),
        np.where(is_member & ~light, night_s, 0.0).max(axis=1),
    )


def _own(seen: np.ndarray, name: str) -> np.ndarray:
    index = SATELLITE_INDEX[name]
    return SATELLITE_OBSERVATIONS[index].to_unit(seen[..., index].astype(np.float64))


def _mean(values: np.ndarray, is_member: np.ndarray) -> np.ndarray:
    """Returns the members' mean, 0 without members; each world's own sum, whatever its batch."""
    total = np.add.reduce(np.where(is_member, values, 0.0), axis=1)
    return total / np.maximum(is_member.sum(axis=1), 1)
