"""What one sees of a world: a panel of text and a map."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from sunward import constellation_v0
from sunward.core.observations import in_units
from sunward.faces import render
from sunward.faces.canvas import Canvas


@pytest.mark.parametrize("options", ["single", "fleet"])
def test_the_panel_tells_scenario_time_and_every_gauge(request, options):
    options = request.getfixturevalue(options)
    env = gym.make("sunward/Constellation-v0", render_mode="ansi", **options).unwrapped
    env.reset(seed=1)
    env.step(env.action_space.sample())
    panel = env.render()
    lines = panel.splitlines()
    assert options["scenario"] in lines[0]
    assert "step 1 of 12" in lines[0]
    assert "score" in lines[1]
    assert {line.split()[0] for line in lines[2:]} >= {"charge", "clock", "chips", "queue"}
    assert max(map(len, lines)) <= 80
    assert panel.isascii()


@pytest.mark.parametrize("options", ["single", "fleet"])
def test_the_picture_shows_the_world_and_moves_with_it(request, options):
    options = request.getfixturevalue(options)
    env = gym.make("sunward/Constellation-v0", render_mode="rgb_array", **options).unwrapped
    env.reset(seed=1)
    first = env.render()
    assert first.dtype == np.uint8
    assert first.shape[2] == 3
    assert len(np.unique(first.reshape(-1, 3), axis=0)) > 50
    np.testing.assert_array_equal(env.render(), first)
    for _ in range(5):
        env.step(env.action_space.sample())
    assert not np.array_equal(env.render(), first)


def test_the_map_is_bright_below_satellites_at_noon_and_dark_below_those_in_shadow(fleet):
    fleet["overrides"]["constellation.satellites"] = 60
    env = gym.make("sunward/Constellation-v0", **fleet).unwrapped
    simulator = env.worlds.simulator
    for seed in range(4):  # at four hours of the day
        env.reset(seed=seed)
        height = simulator.positions()[0] @ render.sun_direction(
            simulator, 0
        )  # sine of the Sun's height below each
        light = in_units(simulator.observations[0], "illumination")
        assert (light == 0.0).any()
        assert height[light == 0.0].max() < 0.0
        assert light[height > 0.0].min() == 1.0


def test_every_world_of_a_batch_has_a_frame(single):
    env = gym.make_vec("sunward/Satellite-v0", 2, render_mode="rgb_array", **single)
    env.reset(seed=1)
    frames = env.render()
    assert len(frames) == 2
    assert not np.array_equal(*frames)


def test_a_person_gets_the_panel_on_the_terminal(fleet, capsys):
    env = constellation_v0.parallel_env(render_mode="human", **fleet)
    env.reset(seed=1)
    assert env.render() is None
    assert "walker-53-66-v0" in capsys.readouterr().out


def test_nothing_is_drawn_unless_asked_for(single):
    env = gym.make("sunward/Satellite-v0", **single).unwrapped
    env.reset(seed=1)
    assert env.render() is None


def test_a_letter_is_drawn_upright():
    canvas = Canvas(6, 8, (0, 0, 0))
    canvas.text(0, 0, "L", (255, 255, 255))
    lit = canvas.image()[:, :, 0] > 0
    assert lit[:7, 0].all()
    assert lit[6, :5].all()
    assert lit.sum() == 11


def test_a_disc_covers_its_area_and_stops_at_the_border():
    canvas = Canvas(60, 60, (0, 0, 0))
    canvas.disc(30, 30, 10, (255, 255, 255))
    assert canvas.pixels[:, :, 0].sum() / 255 == pytest.approx(np.pi * 100, rel=0.02)
    canvas.disc(0, 0, 5, (255, 0, 0))
    canvas.disc(70, 70, 5, (255, 0, 0))
