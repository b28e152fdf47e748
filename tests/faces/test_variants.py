"""Vector rewards, constraint costs, hidden forecasts, no time limit, agents that leave."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test
from pettingzoo.utils import parallel_to_aec

from sunward import constellation_v0
from sunward.core.observations import INDEX, N_OBS, OBSERVATIONS
from sunward.core.reward import N_TERMS, REWARD_TERMS
from sunward.faces.cost_step import CostStep, VectorCostStep
from sunward.faces.forecasts import (
    FORECASTS,
    ParallelWithoutForecasts,
    VectorWithoutForecasts,
    WithoutForecasts,
)
from sunward.faces.gym_env import ConstellationEnv, SatelliteEnv
from sunward.faces.removal import RemovesLost
from sunward.faces.vector_env import ConstellationVectorEnv

#: So hot that chips throttle, and a battery that empties: both costs and misses occur.
HARSH = {"hardware.thermal.radiator_area": 40, "hardware.battery.capacity": 2}
FORECAST_COLUMNS = [INDEX[name] for name in FORECASTS]


def both(variant, plain, actions):
    """Yields what a variant and the plain environment return, step by step."""
    variant.reset(seed=3)
    plain.reset(seed=3)
    for action in actions:
        yield variant.step(action), plain.step(action)


def drawn(env, n_steps=12):
    env.action_space.seed(5)
    return [env.action_space.sample() for _ in range(n_steps)]


@pytest.mark.parametrize("task", ["Satellite", "Constellation"])
def test_a_vector_reward_adds_up_to_the_scalar_one(single, fleet, task):
    options = single if task == "Satellite" else fleet
    vector = gym.make(f"sunward/MultiObjective{task}-v0", **options)
    plain = gym.make(f"sunward/{task}-v0", **options)
    assert vector.unwrapped.reward_space.shape == (vector.unwrapped.reward_dim,) == (N_TERMS,)
    for (seen, terms, *flags, _), (seen_too, reward, *flags_too, _) in both(
        vector, plain, drawn(plain)
    ):
        assert terms.dtype == np.float32
        assert vector.unwrapped.reward_space.contains(terms)
        assert terms.sum() == pytest.approx(reward, abs=1e-5)
        assert np.array_equal(seen, seen_too)
        assert flags == flags_too


def test_a_vector_reward_names_its_terms_in_the_order_of_the_table(fleet):
    vector = gym.make("sunward/MultiObjectiveConstellation-v0", info="full", **fleet)
    vector.reset(seed=0)
    for action in drawn(vector, 3):
        _, terms, _, _, info = vector.step(action)
        told = [info[f"reward_{term.name}"] for term in REWARD_TERMS]
        assert terms == pytest.approx(told, abs=1e-6)


def test_the_cost_is_told_as_a_value_of_its_own(fleet):
    options = fleet | {"overrides": fleet["overrides"] | HARSH}
    safe, plain = CostStep(ConstellationEnv(**options)), ConstellationEnv(**options)
    costs = []
    for (seen, reward, cost, terminated, truncated, info), step in both(
        safe, plain, [np.ones(plain.action_space.shape, np.float32)] * 12
    ):
        assert cost == info["cost"] == step[4]["cost"]
        assert (reward, terminated, truncated) == step[1:4]
        assert np.array_equal(seen, step[0])
        costs.append(cost)
    assert max(costs) > 0.0
    assert min(costs) >= 0.0


def test_the_cost_of_many_worlds_is_that_of_each_alone(fleet):
    options = fleet | {"overrides": fleet["overrides"] | HARSH}
    n_steps = 14  # two beyond the end of the episode
    many = VectorCostStep(
        ConstellationVectorEnv(2, autoreset_mode=AutoresetMode.SAME_STEP, **options)
    )
    many.reset(seed=3)
    full = np.ones(many.action_space.shape, np.float32)
    together = np.array([many.step(full)[2] for _ in range(n_steps)])
    for world in range(2):
        one = CostStep(ConstellationEnv(**options))
        one.reset(seed=3 + world)
        alone = []
        for _ in range(n_steps):
            _, _, cost, _, truncated, _ = one.step(full[world])
            alone.append(cost)
            if truncated:
                one.reset()
        assert together[:, world].tolist() == alone


@pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version")  # as is meant
@pytest.mark.parametrize("observation", ["box", "dict"])
def test_forecasts_are_hidden_and_everything_else_stays(fleet, observation):
    options = fleet | {"action": "discrete", "observation": observation}
    blind, plain = WithoutForecasts(ConstellationEnv(**options)), ConstellationEnv(**options)
    check_env(blind, skip_render_check=True)
    for (seen, *_), (whole, *_) in both(blind, plain, drawn(plain)):
        if observation == "dict":
            assert np.array_equal(seen["action_mask"], whole["action_mask"])
            seen, whole = seen["observations"], whole["observations"]
        hidden, shown = seen.reshape(-1, N_OBS), whole.reshape(-1, N_OBS)
        assert (hidden[:, FORECAST_COLUMNS] == 0.0).all()
        assert (shown[:, FORECAST_COLUMNS] != 0.0).any()
        others = np.setdiff1d(np.arange(N_OBS), FORECAST_COLUMNS)
        assert np.array_equal(hidden[:, others], shown[:, others])


def test_every_feature_that_looks_ahead_is_a_forecast():
    words = ("expected", "until", "next", "ahead:", "this orbit in shadow")
    telling = {f.name for f in OBSERVATIONS if any(word in f.meaning for word in words)}
    assert telling <= set(FORECASTS)


def test_forecasts_are_hidden_in_the_last_observation_of_a_world_too(fleet):
    many = VectorWithoutForecasts(
        ConstellationVectorEnv(2, autoreset_mode=AutoresetMode.SAME_STEP, **fleet)
    )
    seen, _ = many.reset(seed=0)
    for _ in range(12):
        seen, *_, infos = many.step(many.action_space.sample())
    last = np.stack(infos["final_obs"])
    for rows in (seen, last):
        assert (rows.reshape(-1, N_OBS)[:, FORECAST_COLUMNS] == 0.0).all()
        assert np.abs(rows).max() > 0.0


def test_forecasts_are_hidden_from_every_agent_and_from_the_state(fleet):
    def make():
        return ParallelWithoutForecasts(constellation_v0.parallel_env(**fleet))

    parallel_api_test(make(), num_cycles=30)
    parallel_seed_test(make, num_cycles=30)
    env = make()
    observations, _ = env.reset(seed=0)
    rows = np.stack([*observations.values(), *env.state().reshape(-1, N_OBS)])
    assert (rows[:, FORECAST_COLUMNS] == 0.0).all()


@pytest.mark.parametrize("make", [SatelliteEnv, ConstellationVectorEnv])
def test_a_continuing_world_has_no_end(single, fleet, make):
    options = single if make is SatelliteEnv else fleet | {"num_envs": 2}
    env = make(continuing=True, **options)
    env.reset(seed=0)
    progress = []
    for _ in range(40):  # an episode has twelve steps
        seen, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        assert not np.any(terminated)
        assert not np.any(truncated)
        assert np.isfinite(reward).all()
        progress.append(seen.reshape(-1, N_OBS)[0, INDEX["episode_progress"]])
    assert progress[5] < progress[11] == progress[39] == 1.0


def test_a_continuing_world_is_the_episodic_one_as_long_as_that_lasts(single):
    long = {**single["overrides"], "episode.hours": 1}
    without_end = SatelliteEnv(**single, continuing=True)
    episodic = SatelliteEnv(scenario=single["scenario"], overrides=long)
    for (_, reward, *_), (_, reward_too, *_) in both(without_end, episodic, drawn(episodic, 50)):
        assert reward == reward_too


def test_agents_of_a_continuing_fleet_stay(fleet):
    env = constellation_v0.parallel_env(continuing=True, **fleet)
    env.reset(seed=0)
    for _ in range(40):
        env.step({agent: env.action_space(agent).sample() for agent in env.agents})
    assert env.agents == env.possible_agents
    check_env(SatelliteEnv(continuing=True), skip_render_check=True)


class LosesOne(RemovesLost):
    """Loses a satellite in the fifth step of each episode."""

    def reset(self, seed=None, options=None):
        self.steps = 0
        return super().reset(seed, options)

    def step(self, actions):
        self.steps += 1
        if self.steps == 5:
            self.lose("sat_2")
        return super().step(actions)


@pytest.mark.parametrize("action", ["continuous", "discrete"])
def test_an_agent_leaves_when_its_satellite_is_lost(fleet, action):
    def make():
        return LosesOne(constellation_v0.parallel_env(action=action, **fleet))

    parallel_api_test(make(), num_cycles=40)
    parallel_seed_test(make, num_cycles=40)
    env = make()
    env.reset(seed=0)
    sizes = []
    while env.agents:
        before = list(env.agents)
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, rewards, terminations, _, infos = env.step(actions)
        sizes.append(len(env.agents))
        for part in (observations, rewards, terminations, infos):
            assert list(part) == before
        assert terminations == {agent: agent == "sat_2" and len(sizes) == 5 for agent in before}
    assert sizes == [6] * 4 + [5] * 7 + [0]
    env.reset(seed=1)
    assert env.agents == env.possible_agents


def test_a_lost_satellite_does_nothing_more_and_its_neighbours_see_it(fleet):
    env = RemovesLost(constellation_v0.parallel_env(**fleet))
    env.reset(seed=0)
    simulator = env.env.worlds.simulator
    for _ in range(3):
        env.step({agent: np.ones(5, np.float32) for agent in env.agents})
    env.lose("sat_2")
    done = simulator.satellite_sums("interactive_done")[0].copy()
    for _ in range(3):
        observations, *_ = env.step({agent: np.ones(5, np.float32) for agent in env.agents})
    later = simulator.satellite_sums("interactive_done")[0]
    assert later[2] == done[2]
    assert (np.delete(later, 2) >= np.delete(done, 2)).all()
    assert simulator.alive[0].tolist() == [True, True, False, True, True, True]
    # sat_0 is behind sat_1, which is behind sat_2 in a plane of three.
    assert observations["sat_1"][INDEX["fore_link"]] == -1.0


def test_agents_out_of_service_do_not_act_and_unknown_ones_are_named(fleet):
    env = RemovesLost(constellation_v0.parallel_env(**fleet))
    env.reset(seed=0)
    with pytest.raises(ValueError, match="no agent 'sat_9': they are sat_0 to sat_5"):
        env.lose("sat_9")
    env.lose("sat_2")
    everyone = {agent: np.ones(5, np.float32) for agent in env.agents}
    env.step(everyone)
    with pytest.raises(ValueError, match="'sat_2' acts, and is not at work"):
        env.step(everyone)
    with pytest.raises(ValueError, match="no action for 'sat_0'"):
        env.step({})


def test_agents_that_act_in_turn_leave_too(fleet):
    env = parallel_to_aec(LosesOne(constellation_v0.parallel_env(**fleet)))
    api_test(env, num_cycles=20)
    env.reset(seed=0)
    acted = []
    for agent in env.agent_iter():
        _, _, terminated, truncated, _ = env.last()
        is_over = terminated or truncated
        env.step(None if is_over else env.action_space(agent).sample())
        acted += [] if is_over else [agent]
    assert acted.count("sat_2") == 5
    assert acted.count("sat_3") == 12
