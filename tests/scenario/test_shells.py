"""Patterns, mixed shells: symmetry, links, size, and a game on two altitudes."""

import math
import time
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts import scenario_keys
from tests.core.worlds import run

from sunward import Simulator, build_params
from sunward.core.actions import N_ACTIONS
from sunward.physics.belt import MEAN_FLUX_SSO_650_CM2_S, greatest_proton_flux
from sunward.physics.constants import EARTH_RADIUS_M, TWO_PI
from sunward.physics.orbit import (
    argument_rate_rad_s,
    node_rate_rad_s,
    orbit_position,
    sun_synchronous_inclination_rad,
    walker_angles,
)
from sunward.scenario import ScenarioError, content_hash, load_scenario, resolved
from sunward.scenario.build_demand import shell_weights
from sunward.scenario.build_orbits import (
    NODE_SPREAD_RAD,
    build_orbits,
    grid_neighbours,
    shell_angles,
    shell_neighbours,
    shell_orbits,
)
from sunward.scenario.constellation import Shell
from sunward.scenario.shell_table import shell_rows

FOLDER = Path(__file__).parent / "constellations"
FORE, AFT, LEFT, RIGHT = range(4)


def shell(pattern="walker-delta", satellites=66, planes=6, phasing=1, altitude_km=550.0):
    return Shell(
        pattern=pattern,
        satellites=satellites,
        planes=planes,
        phasing=phasing,
        altitude_km=altitude_km,
        inclination_deg=53.0,
    )


def unit_vectors(node_rad, argument_rad, inclination_rad):
    place = orbit_position(
        np.sin(argument_rad),
        np.cos(argument_rad),
        np.sin(node_rad),
        np.cos(node_rad),
        np.sin(inclination_rad),
        np.cos(inclination_rad),
    )
    return np.stack(place, axis=-1)


def turned_by(first_rad, second_rad):
    """Returns angles from one to another in (-pi, pi]."""
    return np.angle(np.exp(1j * (np.asarray(second_rad) - np.asarray(first_rad))))


@st.composite
def walkers(draw):
    planes, slots = draw(st.integers(3, 12)), draw(st.integers(3, 9))
    return shell(
        pattern=draw(st.sampled_from(["walker-delta", "walker-star"])),
        satellites=planes * slots,
        planes=planes,
        phasing=draw(st.integers(0, planes - 1)),
    )


@settings(deadline=None, max_examples=60)
@given(walkers())
def test_all_satellites_at_once_equal_one_by_one_to_the_bit(walker):
    node, argument = shell_angles(walker)
    for index in range(walker.satellites):
        alone = walker_angles(
            index,
            walker.satellites,
            walker.planes,
            walker.phasing,
            NODE_SPREAD_RAD[walker.pattern],
        )
        assert (node[index], argument[index]) == alone


@settings(deadline=None, max_examples=60)
@given(walkers())
def test_every_link_of_a_walker_pattern_is_the_same_step(walker):
    node, argument = shell_angles(walker)
    grid = shell_neighbours(walker)
    spread = NODE_SPREAD_RAD[walker.pattern]
    everyone = np.arange(walker.satellites)
    has_right = grid[:, RIGHT] >= 0
    ahead = turned_by(argument, argument[grid[:, FORE]])
    here, there = everyone[has_right], grid[has_right, RIGHT]
    # Seam or not: a plane to the east, and Walker's phase F 2 pi / T on.
    east = turned_by(node[here], node[there])
    on = turned_by(argument[here], argument[there])
    np.testing.assert_allclose(ahead, TWO_PI / walker.satellites_per_plane, atol=1e-9)
    np.testing.assert_allclose(east, spread / walker.planes, atol=1e-9)
    phase = TWO_PI * walker.phasing / walker.satellites
    np.testing.assert_allclose(turned_by(phase, on), 0.0, atol=1e-9)
    assert (grid[grid[:, FORE], AFT] == everyone).all()
    assert (grid[there, LEFT] == here).all()
    seams = walker.satellites_per_plane if walker.pattern == "walker-star" else 0
    assert (~has_right).sum() == seams


@settings(deadline=None, max_examples=30)
@given(walkers(), st.floats(0.0, 30.0))
def test_a_delta_pattern_looks_the_same_from_every_satellite_for_weeks(walker, days):
    walker = walker.model_copy(update={"pattern": "walker-delta"})
    orbits = shell_orbits((walker,), 0.0)
    radius_m, cosine = orbits.semi_major_axis_m[0], math.cos(orbits.inclination_rad[0])
    node = orbits.node_rad + node_rate_rad_s(radius_m, cosine) * days * 86400.0
    argument = orbits.argument_rad + argument_rate_rad_s(radius_m, cosine) * days * 86400.0
    # The pattern's own symmetry: a plane on and its phase on, a slot on.
    target = unit_vectors(
        node + TWO_PI / walker.planes,
        argument + TWO_PI * (walker.phasing / walker.satellites + 1 / walker.satellites_per_plane),
        orbits.inclination_rad,
    )
    place = unit_vectors(node, argument, orbits.inclination_rad)
    nearest = np.linalg.norm(target[:, None] - place[None], axis=-1).min(axis=1)
    assert nearest.max() < 1e-6
    # The day's rates are those of every satellite, so no neighbour drifts.
    assert len(np.unique(orbits.semi_major_axis_m)) == len(np.unique(orbits.inclination_rad)) == 1


def test_a_star_pattern_flies_north_on_one_side_and_south_on_the_other():
    scenario = load_scenario(FOLDER / "star.yaml")
    orbits, neighbours = build_orbits(scenario)
    assert np.ptp(orbits.node_rad) == pytest.approx(math.pi * 5 / 6)
    # Linked planes fly alike: normals 30 degrees apart. Across the seam they are 150 degrees apart.
    last, first = np.arange(50, 60), np.arange(10)
    assert (neighbours[last, RIGHT] == -1).all()
    assert (neighbours[first, LEFT] == -1).all()
    assert (neighbours[:50, RIGHT] >= 0).all()


def test_mixed_shells_have_their_own_altitude_inclination_and_links():
    scenario = load_scenario(FOLDER / "mixed.yaml")
    orbits, neighbours = build_orbits(scenario)
    radius_m = EARTH_RADIUS_M + 650e3
    assert (orbits.semi_major_axis_m[:24] == radius_m).all()
    assert (orbits.semi_major_axis_m[24:] == EARTH_RADIUS_M + 550e3).all()
    assert (orbits.inclination_rad[:24] == sun_synchronous_inclination_rad(radius_m)).all()
    assert orbits.inclination_rad[24:] == pytest.approx(math.radians(30.0))
    assert orbits.is_sun_synchronous.tolist() == [True] * 24 + [False] * 30
    assert (neighbours[:24, :2] < 24).all()
    assert (neighbours[:24, LEFT:] == -1).all()
    assert (neighbours[24:] >= 24).all()
    assert (grid_neighbours(scenario.constellation.shells) == neighbours).all()


def test_without_a_network_no_satellite_has_a_neighbour_and_all_look_ahead():
    params = build_params(load_scenario(FOLDER / "mixed.yaml", **{"network.neighbours": "none"}))
    assert (params.neighbours == -1).all()
    assert params.service.looks_ahead == 1.0
    assert build_params(load_scenario(FOLDER / "mixed.yaml")).service.looks_ahead == 0.0


def test_the_flux_scale_is_that_of_the_altitude_where_it_is_greatest():
    params = build_params(load_scenario(FOLDER / "mixed.yaml"))
    peak = greatest_proton_flux(650e3, 0.0) / MEAN_FLUX_SSO_650_CM2_S
    assert params.service.peak_flux == pytest.approx(peak, rel=1e-9)


def simulator_of(scenario, **overrides):
    simulator = Simulator(build_params(load_scenario(scenario, **overrides)), 2)
    simulator.reset([(3, 0), (4, 0)])
    return simulator


def test_a_shell_flies_in_a_mixed_fleet_as_it_flies_alone():
    mixed = simulator_of(FOLDER / "mixed.yaml")
    alone = simulator_of(
        "dawn-dusk-24-v0", **{"start.day_spread": 182, "start.node_spread_deg": 0.0}
    )
    low = simulator_of(
        "walker-53-66-v0",
        **{
            "constellation.satellites": 30,
            "constellation.planes": 5,
            "constellation.phasing": 2,
            "constellation.inclination_deg": 30,
            "start.node_spread_deg": 0.0,
        },
    )
    for step in range(3):
        np.testing.assert_array_equal(mixed.positions()[:, :24], alone.positions())
        np.testing.assert_array_equal(mixed.positions()[:, 24:], low.positions())
        for simulator in (mixed, alone, low):
            run(simulator, step + 1)


@pytest.mark.parametrize("name", ["star", "mixed", "elements"])
def test_an_episode_is_played_with_observations_in_range(name):
    simulator = simulator_of(FOLDER / f"{name}.yaml", **{"episode.hours": 2})
    links = 0
    for step in range(simulator.episode_steps):
        run(simulator, 1)
        assert np.isfinite(simulator.rewards).all()
        assert np.abs(simulator.observations).max() <= 1.0, step
        links += np.ptp(simulator.observations, axis=1).sum()
    assert simulator.truncated.all()
    assert links > 0.0


def test_demand_is_the_load_of_a_mixed_fleet():
    """The gain makes the mean equal the load: measured over worlds with the simulator itself."""
    overrides = {"episode.hours": 24, "demand.interactive_load": 0.3}
    scenario = load_scenario(FOLDER / "mixed.yaml", **overrides)
    params = build_params(scenario)
    simulator = Simulator(params, 8)
    simulator.reset([(seed, 0) for seed in range(8)])
    actions = np.full((8, simulator.n_sats, N_ACTIONS), -1.0, np.float32)
    for _ in range(simulator.episode_steps):
        simulator.step(actions)
    arrived = simulator.satellite_sums("interactive_arrived").sum()
    offered = params.service.capacity_work * simulator.episode_steps * simulator.n_sats * 8
    assert arrived / offered == pytest.approx(0.3, rel=0.1)


def test_shells_keep_their_shares_in_a_sample_that_falls_unevenly():
    shell_of = np.repeat([0, 1, 2], [500, 13, 487])
    weights = shell_weights(shell_of, 10)
    sample = shell_of[::10]
    shares = [weights[sample == number].sum() / len(sample) for number in range(3)]
    np.testing.assert_allclose(shares, [0.5, 0.013, 0.487])
    assert (shell_weights(np.zeros(66, int), 1) == 1.0).all()


def million(tmp_path):
    document = yaml.safe_load((FOLDER / "mixed.yaml").read_text(encoding="utf-8"))
    document["constellation"]["shells"] = [
        {
            "pattern": "walker-delta",
            "satellites": 100_000,
            "planes": 200,
            "phasing": 3,
            "altitude_km": 500 + 100 * number,
            "inclination_deg": 30,
        }
        for number in range(10)
    ]
    path = tmp_path / "million.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_a_million_satellites_build_at_once(tmp_path):
    scenario = load_scenario(million(tmp_path))
    start = time.process_time()
    params = build_params(scenario)
    # One call of the formula a satellite took 2 s for the angles alone; the whole now takes 0.7 s.
    assert time.process_time() - start < 10.0
    assert params.n_sats == scenario.constellation.satellites == 1_000_000
    assert params.neighbours.shape == (1_000_000, 4)
    assert params.neighbours.dtype == np.int32
    assert np.bincount(params.orbits.shell).tolist() == [100_000] * 10
    last = params.neighbours[-1]
    assert ((last >= 900_000) & (last < 1_000_000)).all()


def problems_of(tmp_path, *replacements):
    text = (FOLDER / "mixed.yaml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("replacement", "line"),
    [
        (
            ("altitude_km: 550", "altitude_km: 150"),
            "bad.yaml:25: constellation.shells.1.altitude_km is 150, must be at least 200: "
            "raise it",
        ),
        (
            ("phasing: 2", "phasin: 2"),
            "bad.yaml:24: constellation.shells.1.phasin is unknown: did you mean phasing?",
        ),
        (
            ("planes: 5", "planes: 7"),
            "bad.yaml:23: constellation.shells.1.planes is 7, which does not divide satellites "
            "30: use 6 planes or 35 satellites",
        ),
        (
            ("satellites: 30\n      planes: 5", "satellites: 999990\n      planes: 5"),
            "bad.yaml:14: constellation.shells have 1000014 satellites together, must be at most "
            "1000000: take some out",
        ),
        (
            ("  shells:", "  planes: 3\n  shells:"),
            "bad.yaml:14: constellation.planes is unknown: use one of shells",
        ),
        (
            ("constellation:\n  shells:", "constellation:\n  shels:"),
            "bad.yaml:14: constellation.shels is unknown: did you mean shells?",
        ),
    ],
)
def test_bad_shells_get_place_value_bound_and_fix(tmp_path, replacement, line):
    assert line in problems_of(tmp_path, replacement)


def test_a_task_of_one_satellite_counts_all_shells(tmp_path):
    (problem,) = problems_of(tmp_path, ("task: constellation", "task: satellite"))
    assert "has satellites 54, task satellite has one" in problem


def test_every_figure_of_a_shell_is_resolved_and_counts(tmp_path):
    scenario = load_scenario(FOLDER / "mixed.yaml")
    assert resolved(scenario)["constellation.shells.1.inclination_deg"] == 30.0
    path = tmp_path / "other.yaml"
    text = (FOLDER / "mixed.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("altitude_km: 550", "altitude_km: 560"), encoding="utf-8")
    assert content_hash(load_scenario(path)) != content_hash(scenario)


def test_the_page_on_scenarios_lists_every_key_as_it_is_checked():
    page = scenario_keys.PAGE.read_text(encoding="utf-8")
    assert page == scenario_keys.with_tables(page), "run python scripts/scenario_keys.py"
    assert "| `altitude_km` | km | number from 200 to 2000 | needed |" in page


def test_rows_for_people_name_each_shell():
    first, second = shell_rows(load_scenario(FOLDER / "mixed.yaml"))
    assert (first.satellites, first.planes, first.altitude_km, first.ltan_h) == (24, 1, 650.0, 6.0)
    assert first.inclination_deg == pytest.approx(97.99, abs=0.01)
    assert (second.inclination_deg, second.ltan_h) == (pytest.approx(30.0), None)
