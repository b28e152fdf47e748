"""The pass that starts a world: its date, its orbits, its satellites, all drawn from its key."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sunward.physics.eclipse import limb_sines
from sunward.physics.mean_radius import mean_radius_m
from sunward.physics.orbit import argument_rate_rad_s, node_rate_rad_s
from sunward.physics.sun import mean_sun_right_ascension_rad
from sunward.physics.view import edge_albedo_coefficients, vertical_plate_view_factor

from .compilation import inlined_kernel, kernel
from .demand import UNIT_24, normal_pair
from .ledger import INITIAL_QUEUE, N_LEDGER
from .orbit_step import AHEAD_S
from .params import N_SLOTS, N_SUBSTEPS, Orbits
from .random import STREAM_SPREAD, STREAM_START, STREAM_WORLD, philox
from .rows import (
    BLOCK_FLOATS,
    BLOCK_INTS,
    INT_ROW,
    KEPT_FLOATS,
    KEPT_START,
    ROW,
)
from .substep import PART
from .width import LANES
from .wiring import has_neighbour

TWO_PI = 2.0 * math.pi
TURN = 4294967296.0
_TO_24_BITS = np.uint64(8)


class OrbitColumns(NamedTuple):
    """Columns of the orbit table (n_sats, N), float64."""

    radius_m: int = 0
    inclination_rad: int = 1
    node_rad: int = 2
    argument_rad: int = 3
    node_rate_rad_s: int = 4
    argument_rate_rad_s: int = 5
    sin_limb: int = 6
    cos_limb: int = 7
    earth_view: int = 8
    albedo_radial: int = 9
    follows_sun: int = 10  # 1 where the node counts from the mean Sun


ORBIT = OrbitColumns()


def orbit_table(orbits: Orbits) -> np.ndarray:
    """Returns the orbit table (n_sats, len(ORBIT)) with what follows from each altitude."""
    table = np.zeros((len(orbits.semi_major_axis_m), len(ORBIT)))
    table[:, ORBIT.radius_m] = orbits.semi_major_axis_m
    table[:, ORBIT.inclination_rad] = orbits.inclination_rad
    table[:, ORBIT.node_rad] = orbits.node_rad
    table[:, ORBIT.argument_rad] = orbits.argument_rad
    table[:, ORBIT.follows_sun] = orbits.is_sun_synchronous
    # Radius and inclination as one complex number: sorting a million pairs so takes a tenth of the
    # time of sorting rows.
    shapes, shape = np.unique(
        orbits.semi_major_axis_m + 1j * orbits.inclination_rad, return_inverse=True
    )
    figures = np.array([_shape_figures(float(pair.real), float(pair.imag)) for pair in shapes])
    table[:, ORBIT.node_rate_rad_s : ORBIT.follows_sun] = figures[shape]
    return table


def _shape_figures(radius_m: float, inclination_rad: float) -> tuple[float, ...]:
    """Returns the columns from `node_rate_rad_s` to `albedo_radial` of one circle."""
    cos_inclination = math.cos(inclination_rad)
    sin_limb, cos_limb = limb_sines(mean_radius_m(radius_m, cos_inclination))
    return (
        node_rate_rad_s(radius_m, cos_inclination),
        argument_rate_rad_s(radius_m, cos_inclination),
        sin_limb,
        cos_limb,
        vertical_plate_view_factor(sin_limb),
        edge_albedo_coefficients(sin_limb)[0],
    )


@kernel
def turns(angle_rad):
    """Returns an angle as an int32 phase of 2^32 to the turn."""
    share = angle_rad / TWO_PI
    return np.int32(np.int64(math.floor((share - math.floor(share)) * TURN + 0.5)))


@kernel
def uniforms(first, second, stream, key):
    """Returns four uniform numbers in [0, 1)."""
    words = philox(
        np.uint64(first),
        np.uint64(second),
        np.uint64(stream),
        np.uint64(0),
        np.uint64(key[0]),
        np.uint64(key[1]),
    )
    return (
        np.float64(np.int64(words[0] >> _TO_24_BITS)) * UNIT_24,
        np.float64(np.int64(words[1] >> _TO_24_BITS)) * UNIT_24,
        np.float64(np.int64(words[2] >> _TO_24_BITS)) * UNIT_24,
        np.float64(np.int64(words[3] >> _TO_24_BITS)) * UNIT_24,
    )


@kernel
def start_world(world, key, epoch, trace_length):
    """Writes date, turn of the node and of the argument, and the trace's start: (4,) float64.

    Args:
        epoch: Days since J2000 and their spread, spread of the node in rad, 1 if the trace
            starts anywhere and 0 if at its beginning.
    """
    day, hour, node, argument = uniforms(0, 0, STREAM_WORLD, key)
    start = uniforms(1, 0, STREAM_WORLD, key)[0]
    spread = math.floor((2.0 * day - 1.0) * epoch[1] + 0.5)
    world[0] = epoch[0] + spread + hour
    world[1] = (2.0 * node - 1.0) * epoch[2]
    world[2] = TWO_PI * argument
    world[3] = math.floor(start * trace_length) * epoch[3]


@kernel
def spread_factor(deviation, normal):
    """Returns a hardware factor of mean one, three deviations at most from it."""
    return 1.0 + deviation * min(max(normal, -3.0), 3.0)


@kernel
def start_orbit(ints, whole, orbit, world, step_s):
    """Writes the phases of one satellite's orbit and their rates."""
    ints[whole + INT_ROW.argument_start] = turns(orbit[ORBIT.argument_rad] + world[2])
    ints[whole + INT_ROW.argument_rate] = turns(orbit[ORBIT.argument_rate_rad_s] * step_s)
    turn = world[1] + orbit[ORBIT.follows_sun] * mean_sun_right_ascension_rad(world[0])
    ints[whole + INT_ROW.node_start] = turns(orbit[ORBIT.node_rad] + turn)
    ints[whole + INT_ROW.node_rate] = turns(orbit[ORBIT.node_rate_rad_s] * step_s)


def orbit_rows(orbits: np.ndarray, wiring: np.ndarray, substep_s: float, dtype: type) -> np.ndarray:
    """Returns the working array of a chunk with the rows that are the same for every world.

    Args:
        orbits: From `orbit_table`.
        wiring: Who neighbours whom in a chunk, from `chunk_wiring`.
        substep_s: Length of a sub-step.
        dtype: Width of the state.
    """
    rate_rad_s = orbits[:, ORBIT.argument_rate_rad_s]
    columns = {
        "sin_inclination": np.sin(orbits[:, ORBIT.inclination_rad]),
        "cos_inclination": np.cos(orbits[:, ORBIT.inclination_rad]),
        "orbit_radius_m": orbits[:, ORBIT.radius_m],
        "sin_limb": orbits[:, ORBIT.sin_limb],
        "cos_limb": orbits[:, ORBIT.cos_limb],
        "earth_view": orbits[:, ORBIT.earth_view],
        "albedo_radial": orbits[:, ORBIT.albedo_radial],
        "orbit_rate_rad_s": rate_rad_s,
        "sin_half_substep": np.sin(0.5 * substep_s * rate_rad_s),
        "cos_half_substep": np.cos(0.5 * substep_s * rate_rad_s),
        "sin_substep": np.sin(substep_s * rate_rad_s),
        "cos_substep": np.cos(substep_s * rate_rad_s),
        "sin_part": np.sin(substep_s * PART * rate_rad_s),
        "sin_half_step": np.sin(0.5 * N_SUBSTEPS * substep_s * rate_rad_s),
        "cos_half_step": np.cos(0.5 * N_SUBSTEPS * substep_s * rate_rad_s),
        "sin_ahead": np.sin(AHEAD_S * rate_rad_s),
        "cos_ahead": np.cos(AHEAD_S * rate_rad_s),
    }
    n_blocks = len(wiring) // LANES
    work = np.zeros((n_blocks, BLOCK_FLOATS // LANES, LANES), dtype)
    for name, column in columns.items():
        # Padding repeats the satellites, so that no lane divides by zero.
        work[:, getattr(ROW, name) // LANES] = np.resize(column, (n_blocks, LANES))
    has = ROW.has // LANES
    work[:, has : has + 4] = has_neighbour(wiring).swapaxes(0, 1)
    return work.reshape(-1)


@inlined_kernel
def start_satellite(rows, here, sat, key, hw, service, spread):
    """Writes hardware factors and start conditions of one satellite."""
    drawn = uniforms(sat, 0, STREAM_SPREAD, key)
    array, radiator = normal_pair(drawn[0] / UNIT_24, drawn[1] / UNIT_24)
    leak, capacity = normal_pair(drawn[2] / UNIT_24, drawn[3] / UNIT_24)
    rows[here + ROW.array_factor] = spread_factor(spread.array, array)
    rows[here + ROW.radiator_factor] = spread_factor(spread.radiator, radiator)
    rows[here + ROW.leak_factor] = spread_factor(spread.leak, leak)
    capacity_j = hw.capacity_j * spread_factor(spread.capacity, capacity)
    rows[here + ROW.battery_capacity_j] = capacity_j

    charge, queue, warmth, _ = uniforms(sat, 0, STREAM_START, key)
    share = spread.charge_low + charge * (spread.charge_high - spread.charge_low)
    rows[here + ROW.charge_j] = share * capacity_j
    temperature_k = spread.temperature_k + 10.0 * warmth
    rows[here + ROW.chip_k] = temperature_k
    rows[here + ROW.loop_k] = temperature_k
    rows[here + ROW.radiator_k] = temperature_k
    rows[here + ROW.pack_k] = hw.pack_interface_k
    rows[here + ROW.alive] = 1
    rows[here + ROW.available] = 1
    rows[here + ROW.working] = 1
    rows[here + ROW.pump_health] = 1
    waiting = queue * spread.queue_high * service.queue_scale / (N_SLOTS - 1)
    for slot in range(1, N_SLOTS):
        rows[here + ROW.queue + slot * LANES] = waiting


@inlined_kernel
def reset_satellite(
    rows, ints, ledger, here, whole, sums, sat, key, world, orbit, hw, service, spread
):
    """Starts one satellite of a world.

    Args:
        here, whole, sums: Where its lane starts in rows, ints and ledger; rows are addressed as in
            a working block, of which what is kept starts at KEPT_START.
    """
    for row in range(KEPT_FLOATS // LANES):
        rows[here + KEPT_START + row * LANES] = 0
    for row in range(N_LEDGER):
        ledger[sums + row * LANES] = 0
    start_orbit(ints, whole, orbit, world, service.step_s)
    ints[whole + INT_ROW.key_low] = np.int32(np.uint32(key[0]))
    ints[whole + INT_ROW.key_high] = np.int32(np.uint32(key[1]))
    ints[whole + INT_ROW.satellite] = sat
    start_satellite(rows, here, sat, key, hw, service, spread)
    for deadline in range(N_SLOTS):
        ledger[sums + INITIAL_QUEUE * LANES] += rows[here + ROW.queue + deadline * LANES]


@inlined_kernel
def reset_world(rows, stride, ints, ledger, first, key, world, orbits, hw, service, spread):
    """Starts every satellite of a world whose first lane is `first` of a chunk.

    Args:
        stride: Floats of `rows`, which is what a chunk keeps, from block to block.
    """
    for sat in range(orbits.shape[0]):
        block, lane = (first + sat) // LANES, (first + sat) % LANES
        reset_satellite(
            rows,
            ints,
            ledger,
            block * stride + lane - KEPT_START,
            block * BLOCK_INTS + lane,
            block * N_LEDGER * LANES + lane,
            sat,
            key,
            world,
            orbits[sat],
            hw,
            service,
            spread,
        )
