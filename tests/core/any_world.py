"""Draws whole games from all that the scenario models admit, and plays them to their end."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, reject, settings
from hypothesis import strategies as st
from tests.core.any_hardware import decades, hardware_documents, linear, rates

from sunward import Simulator, build_params
from sunward.core.actions import N_ACTIONS
from sunward.core.params import N_SLOTS, Params
from sunward.core.reward import N_TERMS
from sunward.core.rows import KEPT_FLOATS, KEPT_START, ROW
from sunward.core.width import LANES
from sunward.scenario.document import Document
from sunward.scenario.errors import ScenarioError
from sunward.scenario.problems import validated
from sunward.scenario.scenario import Scenario

#: Worlds that each property is tried on; `make nightly` asks for ten thousand.
DRAWS = int(os.environ.get("SUNWARD_DRAWS", "60"))


def on_draws(share: float = 1.0) -> settings:
    """Returns settings that try a property on a share of the draws, the same in every run."""
    return settings(
        max_examples=max(1, round(share * DRAWS)),
        derandomize=True,
        database=None,
        deadline=None,
        # To shrink a failure is to play a thousand episodes more: the world it prints has to do.
        phases=[Phase.explicit, Phase.generate],
        # A whole episode is meant to take its time.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@st.composite
def shells(draw: st.DrawFn, most: int) -> dict[str, Any]:
    """Draws one pattern of at most so many satellites."""
    pattern = draw(st.sampled_from(["single-plane", "walker-delta", "walker-star"]))
    planes = 1 if pattern == "single-plane" else draw(st.integers(1, min(6, most)))
    shell = {
        "pattern": pattern,
        "satellites": planes * draw(st.integers(1, most // planes)),
        "planes": planes,
        "phasing": draw(st.integers(0, planes - 1)),
        "altitude_km": draw(linear(200.0, 2000.0)),
    }
    if draw(st.booleans()):
        return shell | {"sun_synchronous": True, "ltan_h": draw(linear(0.0, 23.99))}
    return shell | {"inclination_deg": draw(linear(0.0, 180.0))}


@st.composite
def constellations(draw: st.DrawFn) -> dict[str, Any]:
    """Draws one shell or up to three, of 24 satellites together."""
    if draw(st.booleans()):
        return draw(shells(24))
    return {"shells": draw(st.lists(shells(8), min_size=1, max_size=3))}


@st.composite
def starts(draw: st.DrawFn) -> dict[str, Any]:
    lowest = draw(linear(0.0, 1.0))
    return {
        "date": date(2020, 1, 1) + timedelta(days=draw(st.integers(0, 7300))),
        "day_spread": draw(st.integers(0, 182)),
        "charge_min_fraction": lowest,
        "charge_max_fraction": draw(linear(lowest, 1.0)),
        "queue_max_fraction": draw(linear(0.0, 1.0)),
        "temperature_c": draw(linear(-50.0, 80.0)),
        "node_spread_deg": draw(linear(0.0, 180.0)),
        "solar_activity": draw(linear(0.0, 1.0)),
    }


@cache
def trace_file() -> str:
    """Returns the path of a trace whose rate swings by a hundred within three hours."""
    times = np.cumsum(np.tile([60.0, 1.0, 0.6, 5.0, 30.0], 120))
    rows = "\n".join(f"{t:.1f},{int(t) % 4000 + 1},{int(t) % 700 + 1}" for t in times)
    path = Path(tempfile.mkdtemp()) / "trace.csv"
    path.write_text(f"t_s,input_tokens,output_tokens\n{rows}\n")
    return str(path)


@st.composite
def demands(draw: st.DrawFn) -> dict[str, Any]:
    loads = st.just(0.0) | decades(1e-3, 5.0)
    shortest = draw(decades(1e-3, 1e4))
    demand = {
        "profile": "inference-2025",
        "sites": "sites-64",
        "interactive_load": draw(loads),
        "deferrable_load": draw(loads),
        "ingress_radius_km": draw(decades(50.0, 20_000.0)),
        "shortest_deadline_min": shortest,
        "longest_deadline_min": shortest * draw(decades(1.0, 50.0)),
    }
    if draw(st.integers(0, 5)) == 0:
        scale = draw(st.sampled_from(["load", "raw"]))
        demand |= {"trace": trace_file(), "trace_scale": scale}
    return demand


@st.composite
def rewards(draw: st.DrawFn) -> dict[str, Any]:
    names = (
        "value_interactive",
        "value_deferrable",
        "miss_interactive",
        "miss_deferrable",
        "wear_per_kwh",
        "brownout",
        "trip",
    )
    weights = {name: draw(rates(1e-3, 1e6)) for name in names}
    shares = {name: draw(linear(0.0, 1.0)) for name in ("sender_credit", "team_share")}
    return weights | shares


@st.composite
def grounds(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "price": draw(linear(0.0, 1.0)),
        "cost": draw(rates(1e-3, 1e6)),
        "limit_satellite_min": draw(decades(1e-3, 1e6)),
    }


@st.composite
def scenario_documents(draw: st.DrawFn, most_steps: int) -> dict[str, Any]:
    """Draws the mapping that a file of a scenario holds."""
    step_s = draw(st.integers(10, 120))
    n_steps = round(draw(decades(12.0, float(most_steps))))
    ground = draw(st.none() | grounds())
    return {
        "id": "drawn-v0",
        "description": "drawn",
        "task": "constellation",
        "hardware": draw(hardware_documents(float(step_s))),
        "constellation": draw(constellations()),
        "start": draw(starts()),
        "episode": {"hours": n_steps * step_s / 3600.0, "step_s": step_s},
        "demand": draw(demands()),
        "network": {
            "neighbours": draw(st.sampled_from(["grid", "none"])),
            "transfer_gain": draw(rates(1e-3, 1e6)),
            "transfer_limit_satellite_min": draw(rates(1e-3, 1e6)),
        },
        "ground": ground,
        "reward": draw(rewards()),
        "safe_mode": {"minutes": draw(decades(0.1, 1e5))},
    }


#: How a drawn world is flown, step by step.
MANNERS = ("random", "extremes", "all low", "all high", "alternating", "beyond", "idle")


@dataclass(frozen=True)
class World:
    """A scenario, the seed of a world of it, and how it is flown."""

    document: dict[str, Any]
    params: Params
    seed: int
    manner: str

    def actions(self, step: int) -> np.ndarray:
        """Returns the actions of a step, float32 (1, n_sats, N_ACTIONS)."""
        shape = (1, self.params.n_sats, N_ACTIONS)
        dice = np.random.default_rng([self.seed, step])
        match self.manner:
            case "random":
                actions = dice.uniform(-1.0, 1.0, shape)
            case "extremes":
                actions = dice.choice([-1.0, 1.0], shape)
            case "beyond":
                actions = dice.choice([-1e30, -3.0, 3.0, 1e30], shape)
            case "alternating":
                parity = (step + np.arange(self.params.n_sats))[None, :, None] % 2
                actions = np.broadcast_to(2.0 * parity - 1.0, shape)
            case "all high":
                actions = np.ones(shape)
            case _:
                actions = -np.ones(shape)
        if self.manner == "idle":
            actions[..., 2] = 1.0  # the pump alone
        return actions.astype(np.float32)

    def started(self, dtype: type = np.float32) -> Simulator:
        """Returns a simulator at the start of this world."""
        simulator = Simulator(self.params, 1, dtype=dtype)
        simulator.reset([(self.seed, 0)])
        return simulator

    def __repr__(self) -> str:
        return f"World(seed={self.seed}, manner={self.manner!r}, document={self.document!r})"


@st.composite
def any_world(draw: st.DrawFn, most_steps: int = 600) -> World:
    """Draws a world; one whose satellites pass no site at all is drawn anew."""
    document = draw(scenario_documents(most_steps))
    seed, manner = draw(st.integers(0, 2**31)), draw(st.sampled_from(MANNERS))
    scenario = validated(Scenario, Document("drawn.yaml", document))
    try:
        params = build_params(scenario)
    except ScenarioError as error:
        if "no satellite passes within demand.ingress_radius_km" in str(error):
            reject()
        raise
    return World(document, params, seed, manner)


#: Rows that hold amounts: of energy, of work, of time; below zero they would have no meaning.
_HEIGHTS = {"queue": N_SLOTS, "foreign": 4, "foreign_interactive": 4}
_AMOUNTS = (
    "battery_capacity_j",
    "charge_j",
    "queue",
    "interactive_in",
    "foreign",
    "foreign_interactive",
    "interactive_new",
    "deferrable_new",
    "interactive_offered",
    "deferrable_left",
    "deferrable_in",
    "array_j",
    "compute_j",
    "pack_k",
    "chip_k",
    "loop_k",
    "radiator_k",
    "absorbed_w",
    "proton_flux",
    "safe_steps",
    "available",
    "working",
    "pump_health",
    "down_fore",
    "down_right",
    "hot_s",
    "fill_sum",
    "clock_sum",
)
_SHARES = ("available", "working", "pump_health", "tripped", "alive")


class Watch:
    """Looks at a simulator of one world after a step, and says what is out of its bounds."""

    def __init__(self, simulator: Simulator):
        self.simulator = simulator
        self._amounts = np.concatenate(
            [np.arange(_HEIGHTS.get(name, 1)) + self._row(name) for name in _AMOUNTS]
        )
        self._shares = np.array([self._row(name) for name in _SHARES])

    @staticmethod
    def _row(name: str) -> int:
        return (getattr(ROW, name) - KEPT_START) // LANES

    def outputs(self) -> None:
        """Fails where an observation or a reward is not a number within its bounds."""
        simulator = self.simulator
        # NaN fails both comparisons.
        assert simulator.observations.min() >= -1.0
        assert simulator.observations.max() <= 1.0
        assert np.isfinite(simulator.rewards).all()

    def state(self) -> None:
        """Fails where a kept row is not finite, or an amount in it is negative."""
        lanes = self.simulator.get_state()["_lanes"].reshape(-1, KEPT_FLOATS // LANES, LANES)
        rows = lanes[0, :, : self.simulator.n_sats]
        assert np.isfinite(rows).all(), self._names(~np.isfinite(rows).all(axis=1))
        low = rows[self._amounts].min(axis=1)
        assert (low >= 0.0).all(), (self._amounts[low < 0.0], low.min())
        assert (rows[self._shares] <= 1.0).all()
        assert (rows[self._row("charge_j")] <= rows[self._row("battery_capacity_j")]).all()

    @staticmethod
    def _names(bad: np.ndarray) -> list[str]:
        return [
            name
            for name, offset in ROW._asdict().items()
            if 0 <= offset - KEPT_START < KEPT_FLOATS and bad[(offset - KEPT_START) // LANES]
        ]


def play(world: World, dtype: type = np.float32, look_every: int = 8) -> Simulator:
    """Plays a world to its end under watch; returns the simulator at its end."""
    simulator = world.started(dtype)
    watch = Watch(simulator)
    watch.outputs()
    watch.state()
    for step in range(simulator.episode_steps):
        simulator.step(world.actions(step))
        watch.outputs()
        if step % look_every == 0:
            watch.state()
    watch.state()
    assert simulator.truncated.all()
    for name, value in simulator.metrics().items():
        assert np.isfinite(value).all(), name
        assert name in {"value", "reward"} or value.min() >= 0.0, (name, value)
    assert np.isfinite(simulator.reward_terms).all()
    assert simulator.reward_terms.shape[-1] == N_TERMS
    return simulator
