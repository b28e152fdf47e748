"""Demand of a scenario: its sites, how much of their work enters, and the trace it may play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sunward.core.params import Hardware, Orbits, Sites
from sunward.physics.constants import EARTH_RADIUS_M
from sunward.physics.orbit import argument_rate_rad_s, node_rate_rad_s, orbit_position
from sunward.physics.sun import greenwich_sidereal_angle_rad, mean_sun_right_ascension_rad
from sunward.scenario.errors import ScenarioError
from sunward.scenario.game import Demand
from sunward.scenario.scenario import Scenario
from sunward.workload.csv_table import TraceError
from sunward.workload.playback import TracePlayback, play_trace
from sunward.workload.profile import ProfileError, daily_shape, load_profile, load_sites
from sunward.workload.profile_models import DemandProfile, SiteTable
from sunward.workload.step_demand import fast_deviation, slow_deviation
from sunward.workload.traces import load_trace

#: Times of a day, turns of the node and satellites that the mean of demand is taken over.
SAMPLE_TIMES, SAMPLE_NODES, SAMPLE_SATELLITES = 96, 8, 96
SECONDS_PER_DAY = 86400.0
BITS_PER_BYTE = 8.0


@dataclass(frozen=True)
class DemandParts:
    """What a scenario's demand gives to the kernel's parameters."""

    sites: Sites
    ingress_gain: float
    interactive_daily: float
    deferrable_daily: float
    interactive_prefill_share: float
    deferrable_prefill_share: float
    bits_per_gpu_s: float
    octave_weights: tuple[float, float]
    knot_steps: tuple[int, int]
    trace: np.ndarray  # (n_steps, 2) multipliers of interactive and deferrable work


def build_demand(
    scenario: Scenario, orbits: Orbits, epoch_days: float, hardware: Hardware
) -> DemandParts:
    """Returns demand such that its mean is the scenario's load.

    Raises:
        ScenarioError: a profile, table of sites or trace is missing or malformed.
    """
    demand, step_s = scenario.demand, scenario.episode.step_s
    profile, site_list, playback = _read(demand, step_s)
    fleet_work = len(orbits.node_rad) * hardware.accelerators * step_s
    interactive = _interactive(demand, profile, playback, fleet_work)
    sites = build_sites(profile, site_list, interactive.work, demand.deferrable_load * fleet_work)
    weights = profile.modulation.weights.value
    return DemandParts(
        sites=sites,
        ingress_gain=1.0 / mean_coverage(scenario, orbits, epoch_days, sites),
        interactive_daily=interactive.daily,
        deferrable_daily=profile.deferrable.daily_depth.value,
        interactive_prefill_share=interactive.prefill_share,
        deferrable_prefill_share=profile.deferrable.prefill_share.value,
        bits_per_gpu_s=BITS_PER_BYTE * moved_bytes(profile),
        octave_weights=(weights[0], weights[1]),
        knot_steps=knot_steps(profile, step_s),
        trace=interactive.trace,
    )


def _read(demand: Demand, step_s: float) -> tuple[DemandProfile, SiteTable, TracePlayback | None]:
    """Returns profile, sites and the trace that is played, if there is one."""
    try:
        profile, sites = load_profile(demand.profile), load_sites(demand.sites)
        playback = play_trace(load_trace(demand.trace), step_s) if demand.trace else None
    except (ProfileError, TraceError, OSError) as error:
        raise ScenarioError(str(error)) from error
    return profile, sites, playback


class _Interactive(NamedTuple):
    """Interactive requests, as they are drawn or as a trace has them."""

    work: float  # GPU-s a step of all sites together, on average
    daily: float  # 1: follows the day at each site; 0: the trace has its own
    prefill_share: float
    trace: np.ndarray  # (n_steps, 2) factors on both classes; no rows without a trace


def _interactive(
    demand: Demand, profile: DemandProfile, playback: TracePlayback | None, fleet_work: float
) -> _Interactive:
    work = demand.interactive_load * fleet_work
    if playback is None:
        share = profile.interactive.prefill_share.value
        return _Interactive(work, 1.0, share, np.zeros((0, 2)))
    trace = np.stack([playback.multipliers(), np.ones(playback.n_steps)], axis=1)
    if demand.trace_scale == "raw":
        work = float(playback.gpu_s_per_step.mean())
        return _Interactive(work, 0.0, playback.prefill_share, trace)
    return _Interactive(work, 1.0, playback.prefill_share, trace)


def moved_bytes(profile: DemandProfile) -> float:
    """Returns the bytes that a GPU-second of work takes over a laser: prompt and cached keys."""
    classes = (profile.interactive, profile.deferrable)
    return max(c.kv_bytes_per_gpu_s.value + c.bytes_up_per_gpu_s.value for c in classes)


def knot_steps(profile: DemandProfile, step_s: float) -> tuple[int, int]:
    """Returns the control steps between knots of the two octaves of slow modulation."""
    short_s, long_s = profile.modulation.knot_intervals_s.value
    return max(1, round(short_s / step_s)), max(1, round(long_s / step_s))


def build_sites(
    profile: DemandProfile, site_list, interactive_work: float, deferrable_work: float
) -> Sites:
    """Returns the demand sites, with the fleet's mean work a step shared out by their weights."""
    weight = np.array([site.weight for site in site_list.sites])
    weight = weight / weight.sum()
    offset_h = np.array([site.utc_offset_h for site in site_list.sites])
    cosine, sine = daily_shape(profile).utc_harmonics(offset_h)
    interactive, deferrable = weight * interactive_work, weight * deferrable_work
    return Sites(
        latitude_rad=np.radians([site.lat_deg for site in site_list.sites]),
        longitude_rad=np.radians([site.lon_deg for site in site_list.sites]),
        interactive_work=interactive,
        deferrable_work=deferrable,
        daily_cosine=cosine,
        daily_sine=sine,
        fast_interactive=fast_deviation(profile.interactive, interactive + 1e-9),
        fast_deferrable=fast_deviation(profile.deferrable, deferrable + 1e-9),
        slow_interactive=slow_deviation(profile, profile.interactive, interactive + 1e-9),
        slow_deferrable=slow_deviation(profile, profile.deferrable, deferrable + 1e-9),
    )


def mean_coverage(scenario: Scenario, orbits: Orbits, epoch_days: float, sites: Sites) -> float:
    """Returns the day's mean of the sum, over satellites and sites, of the cosine above the cap.

    Sites count by their weight and, as orbits fixed to the Sun pass at fixed local hours, by
    the hour of their day: one over this makes the mean demand equal the load. Of a large fleet
    about a hundred satellites are taken, evenly by their number, and stand for their shell.
    """
    edge = np.cos(scenario.demand.ingress_radius_m / EARTH_RADIUS_M)
    weight = sites.interactive_work + sites.deferrable_work
    if not weight.any():
        return 1.0  # no work at all: any gain will do
    weight = weight / weight.sum()
    ground = unit_vectors(sites.latitude_rad, sites.longitude_rad)
    stride = max(1, len(orbits.node_rad) // SAMPLE_SATELLITES)
    n_sats = len(orbits.node_rad[::stride])
    counts = np.tile(shell_weights(orbits.shell, stride), SAMPLE_NODES * SAMPLE_NODES)
    rates = sampled_rates(orbits, stride)
    total = 0.0
    for days in epoch_days + (np.arange(SAMPLE_TIMES) + 0.5) / SAMPLE_TIMES:
        position = sampled_positions(orbits, days, epoch_days, stride, rates)
        above = np.maximum(position @ ground.T - edge, 0.0) * counts[:, None]
        above = above.mean(axis=0)
        total += float((above * weight * daily_factors(sites, days)).sum())
    mean = total * len(orbits.node_rad) / SAMPLE_TIMES
    if mean <= 0.0 or n_sats == 0:
        raise ScenarioError(
            f"{scenario.id}: no satellite passes within demand.ingress_radius_km "
            f"{scenario.demand.ingress_radius_km:g} of a site: raise it or the inclination"
        )
    return mean


def shell_weights(shell: np.ndarray, stride: int) -> np.ndarray:
    """Returns what each satellite of a sample counts, mean 1, so that shells keep their shares.

    A shell that the sample misses has less than `stride` satellites; the others stand in for it.
    """
    sample = shell[::stride]
    fleet, drawn = np.bincount(shell), np.bincount(sample, minlength=shell.max() + 1)
    weight = fleet[sample] / drawn[sample]
    return weight / weight.mean()


def sampled_rates(orbits: Orbits, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the rates of (node, argument of latitude) in rad/s of a sample of satellites."""
    shapes = list(
        zip(
            orbits.semi_major_axis_m[::stride].tolist(),
            np.cos(orbits.inclination_rad[::stride]).tolist(),
            strict=True,
        )
    )
    node = np.array([node_rate_rad_s(radius_m, cosine) for radius_m, cosine in shapes])
    argument = np.array([argument_rate_rad_s(radius_m, cosine) for radius_m, cosine in shapes])
    return node, argument


def sampled_positions(
    orbits: Orbits,
    days: float,
    epoch_days: float,
    stride: int,
    rates: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """Returns Earth-fixed unit vectors (n, 3) of satellites, over turns of node and argument."""
    inclination = orbits.inclination_rad[::stride]
    elapsed_s = (days - epoch_days) * SECONDS_PER_DAY
    node_rate, argument_rate = rates
    turns = orbits.node_spread_rad * np.linspace(-1.0, 1.0, SAMPLE_NODES, endpoint=False)
    node = orbits.node_rad[::stride] + node_rate * elapsed_s
    node = node + orbits.is_sun_synchronous[::stride] * mean_sun_right_ascension_rad(epoch_days)
    node = (node - greenwich_sidereal_angle_rad(days))[None, :] + turns[:, None]
    # Every world turns its satellites along the orbit by a random angle: sample it too.
    argument = orbits.argument_rad[::stride] + argument_rate * elapsed_s
    argument = (
        argument[None, :] + np.linspace(0.0, 2.0 * np.pi, SAMPLE_NODES, endpoint=False)[:, None]
    )
    node, argument = np.broadcast_arrays(node[:, None], argument[None, :])
    # The scalar formula holds for arrays as well; its annotations do not say so.
    position: Any = orbit_position
    place = position(
        np.sin(argument),
        np.cos(argument),
        np.sin(node),
        np.cos(node),
        np.sin(inclination),
        np.cos(inclination),
    )
    return np.stack(place, axis=-1).reshape(-1, 3)


def unit_vectors(latitude_rad: np.ndarray, longitude_rad: np.ndarray) -> np.ndarray:
    """Returns unit vectors (n, 3) of points on the Earth."""
    across = np.cos(latitude_rad)
    return np.stack(
        [across * np.cos(longitude_rad), across * np.sin(longitude_rad), np.sin(latitude_rad)],
        axis=1,
    )


def daily_factors(sites: Sites, days: float) -> np.ndarray:
    """Returns demand over its daily mean at each site's local hour, (n_sites,)."""
    turn = 2.0 * np.pi * ((days + 0.5) % 1.0)
    order = np.array([1.0, 2.0])
    waves = sites.daily_cosine * np.cos(order * turn) + sites.daily_sine * np.sin(order * turn)
    return np.maximum(1.0 + waves.sum(axis=1), 0.05)
