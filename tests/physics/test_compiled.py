"""Every function of the kernel: plain Python on float32 equals the compiled code bit for bit."""

import inspect
import math

import numba
import numpy as np
import pytest

from sunward.physics import (
    ageing,
    approximation,
    battery,
    belt,
    cloud,
    compute,
    eclipse,
    link,
    orbit,
    power,
    radiation,
    thermal,
    view,
)

UNIT = (-1.0, 1.0)
SHARE = (0.0, 1.0)
CELLS_K = (260.0, 330.0)
CHIP_K = (280.0, 400.0)
RADIUS_M = (6.7e6, 7.6e6)
NETWORK = [(8e3, 2e4), (6e3, 2e4), (150.0, 300.0), (0.8, 0.95), (170.0, 260.0)]

#: Function and the range of each argument.
KERNEL_FUNCTIONS = [
    (approximation.minimum, [UNIT, UNIT]),
    (approximation.maximum, [UNIT, UNIT]),
    (approximation.clamp, [(-2.0, 2.0), (-1.0, 0.0), SHARE]),
    (approximation.square_root, [(0.0, 1e6)]),
    (approximation.sin_cos, [(-math.pi, math.pi)]),
    (approximation.exponential_minus_one, [(0.0, 32.0)]),
    (approximation.exponential, [(-40.0, 40.0)]),
    (approximation.logarithm, [(1e-9, 15.9)]),
    (approximation.power, [(0.05, 1.0), SHARE]),
    (approximation.arctangent2, [UNIT, UNIT]),
    (approximation.arccosine, [(-1.1, 1.1)]),
    (orbit.orbit_position, [UNIT] * 6),
    (orbit.orbit_normal, [UNIT] * 4),
    (eclipse.limb_height, [UNIT, (0.3, 0.5), (0.85, 0.95)]),
    (eclipse.limb_illumination, [UNIT, (0.3, 0.5), (0.85, 0.95), (0.00457, 0.00473)]),
    (eclipse.limb_illumination, [(-0.46, -0.42), (0.43, 0.44), (0.89, 0.9), (0.00457, 0.00473)]),
    (eclipse.shadow_half_angle_rad, [UNIT, (0.3, 0.5)]),
    (power.irradiance_w_m2, [SHARE, UNIT, (0.98, 1.02)]),
    (power.cell_efficiency, [(0.2, 0.35), (200.0, 380.0), (298.0, 302.0), (0.0, 0.005)]),
    (
        power.cell_temperature_k,
        [
            (0.0, 1450.0),
            (0.8, 0.95),
            (0.2, 0.35),
            (298.0, 302.0),
            (0.0, 0.004),
            (0.7, 0.95),
            (100.0, 250.0),
        ],
    ),
    (
        power.array_power_w,
        [
            (0.0, 1450.0),
            (10.0, 700.0),
            (0.2, 0.35),
            (200.0, 380.0),
            (298.0, 302.0),
            (0.0, 0.005),
            (0.9, 1.0),
        ],
    ),
    (
        battery.charge_limit_w,
        [(0.0, 8e7), (7e7, 8e7), (0.2, 1.0), (265.0, 300.0), (0.8, 0.95), (270.0, 275.0)],
    ),
    (
        battery.discharge_limit_w,
        [(0.0, 8e7), (0.0, 2e7), (7e7, 8e7), (0.2, 2.0), (0.9, 1.0), (1.0, 60.0)],
    ),
    (
        battery.battery_exchange,
        [
            (0.0, 7e7),
            (7e7, 8e7),
            (-2e5, 2e5),
            (0.0, 5e4),
            (0.0, 1e5),
            (0.9, 1.0),
            (0.9, 1.0),
            (1.0, 60.0),
        ],
    ),
    (
        battery.pack_temperature_step,
        [CELLS_K, CELLS_K, (0.0, 5e3), (5.0, 100.0), (1e5, 1e6), (1.0, 60.0)],
    ),
    (thermal.radiated_power_w, [CHIP_K, (170.0, 260.0), (1.0, 300.0), (0.8, 0.95)]),
    (thermal.equilibrium_temperature_k, [(0.0, 2e5), (170.0, 260.0), (1.0, 300.0), (0.8, 0.95)]),
    (thermal.sink_temperature_k, [(0.0, 400.0), (0.8, 0.95)]),
    (
        thermal.absorbed_flux_w_m2,
        [
            (0.8, 0.95),
            (0.05, 0.3),
            SHARE,
            (200.0, 260.0),
            SHARE,
            (0.2, 0.4),
            UNIT,
            (1300.0, 1420.0),
        ],
    ),
    (
        thermal.one_node_step,
        [
            CHIP_K,
            (0.0, 2e5),
            (150.0, 300.0),
            (0.8, 0.95),
            (170.0, 260.0),
            (1e6, 6e6),
            (1.0, 60.0),
        ],
    ),
    (thermal.passed_on_j, [(-3e6, 3e6), (8e3, 2e4), (4e4, 3e5)]),
    (
        thermal.three_node_step,
        [
            CHIP_K,
            CHIP_K,
            CHIP_K,
            (0.0, 2e5),
            *NETWORK,
            (2e5, 5e5),
            (5e5, 9e5),
            (8e5, 2e6),
            (0.0, 2e4),
            (1.0, 10.0),
        ],
    ),
    (thermal.leakage_factor, [(280.0, 480.0), (0.0, 0.2), (330.0, 345.0), (30.0, 50.0)]),
    (
        thermal.chip_at_half_step_k,
        [CHIP_K, CHIP_K, (0.0, 2e5), (8e3, 2e4), (2e5, 5e5), (1.0, 10.0)],
    ),
    (thermal.throttle_factor, [CHIP_K, (350.0, 357.0), (362.0, 365.0)]),
    (thermal.trip_state, [SHARE, CHIP_K, (364.0, 366.0), (330.0, 340.0)]),
    (thermal.pump_power_w, [SHARE, (1e3, 4e3)]),
    (view.edge_albedo_factor, [UNIT, UNIT, (0.1, 0.3), (0.01, 0.03)]),
    (compute.voltage_fraction, [SHARE, (0.5, 0.7), (0.6, 0.8)]),
    (compute.dynamic_power_fraction, [SHARE, (0.5, 0.7), (0.6, 0.8)]),
    (compute.work_rate, [(0.05, 1.0), SHARE]),
    (compute.batch_power_fraction, [SHARE]),
    (compute.accelerator_power_w, [(1e4, 2e5), (0.1, 0.2), SHARE, SHARE, SHARE]),
    (link.line_of_sight, [UNIT, UNIT, UNIT, RADIUS_M, UNIT, UNIT, UNIT, RADIUS_M]),
    (link.is_link_up, [(1e6, 8e6), (-1e6, 5e5), (5e6, 6e6), (8e4, 1e5)]),
    (link.light_delay_s, [(0.0, 1e7)]),
    (belt.proton_flux, [UNIT, UNIT, UNIT, (2e5, 2.1e6), SHARE]),
    (belt.shielded_dose_rate_rad_s, [(0.0, 1e4)]),
    (ageing.cycle_wear_fraction, [(0.0, 1e7), (7e7, 8e7), SHARE]),
    (ageing.calendar_wear_fraction, [SHARE, CELLS_K, (0.0, 60.0)]),
    (ageing.wear_fraction, [(0.0, 1e7), (7e7, 8e7), SHARE, CELLS_K, (0.0, 60.0)]),
    (cloud.remembered_share, [(0.0, 1e4), (1e3, 1e5)]),
    (cloud.cloud_step, [SHARE, SHARE, SHARE, SHARE]),
    (radiation.upset_rate_per_s, [(0.0, 1e4), (1e-6, 1e-4), (10.0, 60.0), SHARE]),
    (radiation.upset_probability, [(0.0, 1.0), (1.0, 60.0)]),
]
N_SAMPLES = 400


def numbers(value):
    """Returns a result as a flat list of plain floats."""
    return [float(part) for part in value] if isinstance(value, tuple) else [float(value)]


@pytest.mark.parametrize(
    ("function", "ranges"),
    KERNEL_FUNCTIONS,
    ids=[f"{f.__module__.split('.')[-1]}.{f.__name__}" for f, _ in KERNEL_FUNCTIONS],
)
def test_plain_float32_equals_compiled_float32_bit_for_bit(function, ranges):
    names = list(inspect.signature(function).parameters)
    assert len(names) == len(ranges)
    source = f"def call({', '.join(names)}):\n    return function({', '.join(names)})\n"
    scope = {"function": function}
    exec(source, scope)
    compiled = numba.njit(error_model="numpy")(scope["call"])
    rng = np.random.default_rng(7)
    samples = np.stack([rng.uniform(low, high, N_SAMPLES) for low, high in ranges], axis=1)
    for sample in samples.astype(np.float32):
        plain, fast = numbers(function(*sample)), numbers(compiled(*sample))
        assert plain == fast, dict(zip(names, sample, strict=True))
    assert compiled.nopython_signatures
