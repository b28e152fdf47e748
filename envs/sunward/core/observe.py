"""The pass that shows satellites what they may know, scaled by the table of observations."""

from __future__ import annotations

import numpy as np

from sunward.physics.approximation import clamp
from sunward.physics.constants import ZERO_CELSIUS_K
from sunward.physics.scalar import scalar

from .compilation import inlined_kernel, kernel, prefer_full_width
from .lanes import lanes_in
from .observations import (
    INDEX,
    N_NEIGHBOUR,
    N_OBS,
    N_OWN,
    OBSERVATIONS,
)
from .params import N_SLOTS, N_SUBSTEPS
from .rows import ROW
from .satellite import share_of
from .tiles import TILE, tile_writer, vector_copier
from .width import LANES

SUBSTEP_SHARE = 1.0 / N_SUBSTEPS


def _row(name: str) -> int:
    return ROW.observed + INDEX[name] * LANES


_ALIVE = _row("alive")
_CHARGE = _row("charge_fraction")
_PACK = _row("pack_temperature")
_CHIP = _row("chip_temperature")
_LOOP = _row("loop_temperature")
_RADIATOR = _row("radiator_temperature")
_TRIPPED = _row("tripped")
_SAFE = _row("safe_mode")
_AVAILABLE = _row("available_share")
_PUMP = _row("pump_health")
_ARRAY = _row("array_power")
_LIGHT = _row("illumination")
_TO_ECLIPSE = _row("time_to_eclipse")
_TO_SUNRISE = _row("time_to_sunrise")
_ECLIPSE = _row("eclipse_fraction")
_SINK = _row("sink_temperature")
_CLOCK = _row("clock")
_FILL = _row("fill")
_POWER = _row("compute_power")
_LAST = _row("interactive_last")
_EXPECTED_INTERACTIVE = _row("interactive_expected")
_EXPECTED = _row("demand_expected")
_LINKS = _row("fore_link")
_AHEAD = _row("demand_ahead")
_INTERACTIVE_IN = _row("interactive_incoming")
_DEFERRABLE_IN = _row("deferrable_incoming")
_QUEUE = _row("queue")
_URGENT = _row("queue_urgent")
_SOON = _row("queue_soon")
_MIDDLE = _row("queue_middle")
_SLOT = _row("slot_progress")
_FLUX = _row("proton_flux")
_PROGRESS = _row("episode_progress")
#: The 36 own features are written as two tall tiles and a flat one.
_write_tall = tile_writer(16, N_OBS)
_write_flat = tile_writer(4, N_OBS)
_copy_shared = vector_copier(N_NEIGHBOUR)


def scaling_table(dtype: type) -> np.ndarray:
    """Returns (2, N_OBS): factor and offset that map each feature's range to [-1, 1]."""
    low = np.array([feature.low for feature in OBSERVATIONS])
    high = np.array([feature.high for feature in OBSERVATIONS])
    return np.stack([2.0 / (high - low), -(high + low) / (high - low)]).astype(dtype)


@scalar
def celsius(temperature_k):
    """Returns a temperature in degrees Celsius."""
    return temperature_k - ZERO_CELSIUS_K


@scalar
def scaled(value, factor, offset):
    """Returns a value mapped by its range to [-1, 1]; beyond is clipped."""
    return clamp(value * factor + offset, -1.0, 1.0)


@scalar
def mean_of_substeps(total):
    """Returns the mean of a sum over the sub-steps."""
    return total * SUBSTEP_SHARE


@inlined_kernel
def describe_block(rows, vectors, hw, service, scaling):
    """Writes a block's own features: in their units first, then scaled."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        capacity = service.capacity_work
        rows[_ALIVE + lane] = rows[ROW.alive + lane]
        rows[_CHARGE + lane] = rows[ROW.charge_j + lane] / rows[ROW.battery_capacity_j + lane]
        rows[_PACK + lane] = celsius(rows[ROW.pack_k + lane])
        rows[_CHIP + lane] = celsius(rows[ROW.chip_k + lane])
        rows[_LOOP + lane] = celsius(rows[ROW.loop_k + lane])
        rows[_RADIATOR + lane] = celsius(rows[ROW.radiator_k + lane])
        rows[_TRIPPED + lane] = rows[ROW.tripped + lane]
        rows[_SAFE + lane] = rows[ROW.safe_steps + lane] / service.safe_steps
        rows[_AVAILABLE + lane] = rows[ROW.available + lane]
        rows[_PUMP + lane] = rows[ROW.pump_health + lane]
        rows[_ARRAY + lane] = rows[ROW.array_j + lane] / (service.step_s * hw.nominal_array_w)
        rows[_LIGHT + lane] = rows[ROW.illumination + lane]
        rows[_TO_ECLIPSE + lane] = rows[ROW.time_to_eclipse_s + lane]
        rows[_TO_SUNRISE + lane] = rows[ROW.time_to_sunrise_s + lane]
        rows[_ECLIPSE + lane] = rows[ROW.eclipse_fraction + lane]
        rows[_SINK + lane] = rows[ROW.sink_temperature_k + lane]
        rows[_CLOCK + lane] = mean_of_substeps(rows[ROW.clock_sum + lane])
        rows[_FILL + lane] = mean_of_substeps(rows[ROW.fill_sum + lane])
        rows[_POWER + lane] = rows[ROW.compute_j + lane] / (service.step_s * hw.peak_power_w)
        rows[_LAST + lane] = rows[ROW.interactive_offered + lane] / capacity
        rows[_EXPECTED_INTERACTIVE + lane] = rows[ROW.interactive_expected + lane] / capacity
        rows[_EXPECTED + lane] = (
            rows[ROW.interactive_expected + lane] + rows[ROW.deferrable_expected + lane]
        ) / capacity
        rows[_AHEAD + lane] = rows[ROW.demand_ahead + lane] / capacity
        rows[_INTERACTIVE_IN + lane] = rows[ROW.interactive_in + lane] / capacity
        rows[_SLOT + lane] = rows[ROW.slot_progress + lane]
        rows[_FLUX + lane] = rows[ROW.proton_flux + lane] / service.peak_flux
        rows[_PROGRESS + lane] = rows[ROW.episode_progress + lane]
    for side in range(4):
        for lane in range(lanes_in(vectors)):
            rows[_LINKS + side * LANES + lane] = rows[ROW.link + side * LANES + lane]
    describe_queue(rows, vectors, service)
    for feature in range(N_OWN):
        factor, offset = scaling[0, feature], scaling[1, feature]
        for lane in range(lanes_in(vectors)):
            index = ROW.observed + feature * LANES + lane
            rows[index] = scaled(rows[index], factor, offset)


@inlined_kernel
def describe_queue(rows, vectors, service):
    """Writes the features of the deferrable queue of a block, over what it can hold."""
    prefer_full_width()
    for lane in range(lanes_in(vectors)):
        urgent = rows[ROW.queue + lane]
        soon = rows[ROW.queue + LANES + lane] + rows[ROW.queue + 2 * LANES + lane]
        middle = (
            rows[ROW.queue + 3 * LANES + lane]
            + rows[ROW.queue + 4 * LANES + lane]
            + rows[ROW.queue + 5 * LANES + lane]
        )
        total = urgent + soon + middle
        for slot in range(6, N_SLOTS):
            total = total + rows[ROW.queue + slot * LANES + lane]
        rows[_URGENT + lane] = share_of(urgent, service.queue_scale)
        rows[_SOON + lane] = share_of(soon, service.queue_scale)
        rows[_MIDDLE + lane] = share_of(middle, service.queue_scale)
        rows[_QUEUE + lane] = share_of(total, service.queue_scale)
        rows[_DEFERRABLE_IN + lane] = rows[ROW.deferrable_in + lane] / service.capacity_work


@kernel
def write_own(rows, observations, first, count):
    """Copies a block's own features, feature-major, to `count` rows of flat observations."""
    prefer_full_width()
    whole = count // TILE * TILE
    for lane in range(0, whole, TILE):
        source, target = ROW.observed + lane, (first + lane) * N_OBS
        _write_tall(rows, source, observations, target)
        _write_tall(rows, source + 16 * LANES, observations, target + 16)
        _write_flat(rows, source + 32 * LANES, observations, target + 32)
    for lane in range(whole, count):
        for feature in range(N_OWN):
            value = rows[ROW.observed + feature * LANES + lane]
            observations[(first + lane) * N_OBS + feature] = value


@kernel
def write_neighbours(observations, first_row, first, last, wiring):
    """Copies what satellites of a chunk, slots `first` to `last`, see of their neighbours.

    Where there is none they see -1 throughout. The chunk's observations start at `first_row`.
    """
    for slot in range(first, last):
        for side in range(4):
            target = (first_row + slot) * N_OBS + N_OWN + side * N_NEIGHBOUR
            other = wiring[slot, side]
            if other >= 0:
                _copy_shared(observations, (first_row + other) * N_OBS, target)
            else:
                for feature in range(N_NEIGHBOUR):
                    observations[target + feature] = -1
