"""Planning of a gang over a receding horizon, on the linear model of its bound.

Every ten steps the hours to come are planned anew from where the world stands: the pace, and who
keeps it. Upsets are either expected, from the flux on the orbit ahead: then the gang rests and
saves by them. Or they are known: then whoever is about to be hit leaves for that step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sunward.core.random import world_key
from sunward.core.rows import ROW
from sunward.training.features import in_units
from sunward.training.gang import GANG
from sunward.training.params import TrainingParams
from sunward.training.simulator import GangSimulator
from sunward_agents.heuristics import ramp
from sunward_agents.planners.foresight import foresee, read_state, without_chance
from sunward_agents.planners.linear import column
from sunward_agents.planners.mpc import FLOW_RAMP_C, LEAST_FLOW, as_now
from sunward_agents.planners.world import Outlook, Relaxations, World
from sunward_agents.training.crew import Crew, planned_crews
from sunward_agents.training.gang_program import GangProgram
from sunward_agents.training.jobs_ahead import Jobs, endless, jobs_ahead
from sunward_agents.training.rules import NO, YES, control_rows
from sunward_agents.training.saves import LONGEST_VIEW, is_due, upsets_ahead
from sunward_agents.training.supply import Supply

#: Blocks of a plan in steps, over more than an orbit; two of them are carried out.
LENGTHS = np.array([5, 5, *[10] * 11])
REPLAN_STEPS = int(LENGTHS[:2].sum())
OUTLOOK = Outlook(leakage=0.99, charge_floor=0.14, short_price=3.0, flow=0.5)
#: Heat is left to a ramp on the hottest chip: without it a plan takes half the time.
RELAXATIONS = Relaxations(heat=False)
HOT_C, HOT_WIDTH_C = 80.0, 6.0
#: Pace over full clock that the risk of upsets is reckoned with.
USUAL_PACE = 0.75
#: Charge that is worth keeping for what lies beyond a plan, and the work that it is worth over the
#: energy, both in steps at full clock.
KEPT, WORK_PER_ENERGY = 0.6, 1.1
#: Jobs that a plan looks at.
MOST_JOBS = 4
#: Who knows all upsets saves for what a plan gets wrong, and where the steps to come hit half of
#: the gang.
INSURANCE_STEPS, WARNING_STEPS = 240, 4
#: Where light is short, charges in compute floors at which a member leaves before it runs dry and
#: stops them all, and from which others may join: apart, as each change costs a pause.
EMPTY, ENOUGH = 1.2, 2.0


@dataclass
class GangMpc:
    """Plans pace, members and saves of a gang; it needs the simulator that it acts in."""

    foresees: bool = False

    def reset(self, n_envs: int, seed: int) -> None:
        """Forgets all plans."""
        self._crews: list[list[Crew]] = [[] for _ in range(n_envs)]

    def attach(self, simulator: GangSimulator, seeds: Sequence[int], split: str) -> None:
        """Looks at the worlds that are about to be played; they have just been reset."""
        params = simulator.params
        known = params if self.foresees else without_chance(params)
        self._simulator, self.params = simulator, params
        self._futures = [foresee(known, seed, split=split)[0] for seed in seeds]
        self._jobs = [jobs_ahead(params, world_key(split, seed, 0)) for seed in seeds]
        self._supply = Supply(params)

    def act(self, observations: np.ndarray) -> np.ndarray:
        """Returns actions float32 (n, N_CONTROLS)."""
        seen = observations.reshape(len(self._futures), self.params.n_sats, -1)
        return np.concatenate([self._act_in(env, seen[env]) for env in range(len(seen))])

    def _act_in(self, env: int, seen: np.ndarray) -> np.ndarray:
        step = int(self._simulator.step_count[env])
        if step % REPLAN_STEPS == 0:
            self._crews[env] = self._planned(env, step)
        crew = self._crews[env][step % REPLAN_STEPS // LENGTHS[0]]
        is_member, saves = self._simulator.is_member[env], self._saves(env, step, crew)
        joins = crew.members(is_member, self._is_fit(env, step, crew))
        # A gang that changes does not save, and one that all leave loses what is not saved.
        if saves or (not joins.any() and self._gang("unsaved", env) > 0.0):
            joins = is_member
        return self._controls(env, seen, crew, joins, saves=saves)

    def _controls(
        self, env: int, seen: np.ndarray, crew: Crew, joins: np.ndarray, *, saves: bool
    ) -> np.ndarray:
        clock, share = crew.levels(self._simulator.row(ROW.available)[env].astype(float))
        cool = 1.0 - ramp(in_units(seen, "hottest_chip"), HOT_C, HOT_WIDTH_C)
        flow = ramp(in_units(seen, "chip_temperature"), *FLOW_RAMP_C)
        flow = LEAST_FLOW + (1.0 - LEAST_FLOW) * flow
        return control_rows(
            len(seen),
            clock=np.where(joins, self._supply.raw_clock(clock * cool), NO),
            coolant_flow=np.where(joins, 2.0 * flow - 1.0, NO),
            active_share=np.where(joins, self._supply.raw_share(share), NO),
            join=np.where(joins, YES, NO),
            checkpoint=YES if saves else NO,
        )

    def _planned(self, env: int, step: int) -> list[Crew]:
        simulator, future = self._simulator, self._futures[env].since(step)
        lengths = lengths_of(future.n_steps)
        future = future.until(int(lengths.sum()))
        if not self.foresees:
            future = as_now(future, simulator, env)
        world = World(future, read_state(simulator, env), lengths, RELAXATIONS, OUTLOOK)
        jobs = self._jobs_from(env)
        at_risk = 0.0 if self.foresees else risk(self.params, world, jobs)
        gang = GangProgram(world, jobs, self.params.gang.value_progress, at_risk)
        if step + future.n_steps < self.params.episode_steps:
            value_charge(gang)
        found = gang.program.solve().columns
        return planned_crews(gang, found, simulator.is_member[env])

    def _jobs_from(self, env: int) -> Jobs:
        """Returns the job under way, and those to come as far as they are known."""
        state, gang = {name: self._gang(name, env) for name in GANG._fields}, self.params.gang
        left = state["work"] - state["saved"] - state["unsaved"]
        now = (state["size"], left / gang.capacity_work, state["pause_s"] / gang.step_s)
        later = endless(self.params)
        if self.foresees:
            later = Jobs(*(part[int(state["job"]) + 1 :] for part in self._jobs[env]))
        parts = zip(now, later, strict=True)
        return Jobs(*(np.r_[first, rest][:MOST_JOBS] for first, rest in parts))

    def _gang(self, name: str, env: int) -> float:
        return float(self._simulator.gang(name)[env])

    def _is_fit(self, env: int, step: int, crew: Crew) -> np.ndarray:
        """Returns who is up, does not run dry, and is not known to be hit in this step."""
        simulator, hw, future = self._simulator, self.params.hardware, self._futures[env]
        is_up = simulator.alive[env] & (simulator.row(ROW.tripped)[env] <= 0.0)
        is_up = is_up & (simulator.row(ROW.safe_steps)[env] <= 0.0)
        charge = simulator.row(ROW.charge_j)[env] / simulator.row(ROW.battery_capacity_j)[env]
        needed_w = self._supply.power_w(crew.pace)
        is_short = future.array_j[step] < needed_w * self.params.service.step_s
        least = np.where(simulator.is_member[env], EMPTY, ENOUGH) * hw.compute_floor
        is_dry = is_short & (charge < least)
        return is_up & ~is_dry & (future.upsets[step] <= 0.0)

    def _saves(self, env: int, step: int, crew: Crew) -> bool:
        """Returns whether the gang saves: in time for the end, or when it is due."""
        gang = self.params.gang
        checkpoint = gang.checkpoint_s / gang.step_s
        if step == self.params.episode_steps - int(np.ceil(checkpoint)):
            return True
        work_a_step = crew.pace * crew.count * gang.capacity_work
        unsaved = self._gang("unsaved", env)
        if crew.count == 0:
            return unsaved > 0.0  # before all leave
        unsaved /= max(work_a_step, 0.1 * gang.capacity_work)
        is_member = self._simulator.is_member[env]
        if self.foresees:
            hits = self._futures[env].upsets[step : step + WARNING_STEPS] @ is_member
            is_stormy = hits.sum() > 0.0 and hits.sum() >= 0.5 * is_member.sum()
            return unsaved > 0.0 and hits[0] == 0.0 and (unsaved >= INSURANCE_STEPS or is_stormy)
        flux = self._futures[env].proton_flux[step : step + LONGEST_VIEW]
        expected = upsets_ahead(self.params, flux) @ is_member
        return is_due(unsaved, expected, checkpoint)


def lengths_of(n_steps: int) -> np.ndarray:
    """Returns the blocks of a plan where `n_steps` steps are left."""
    ends = np.minimum(np.cumsum(LENGTHS), n_steps)
    return np.diff(np.unique(ends), prepend=0)


def risk(params: TrainingParams, world: World, jobs: Jobs) -> np.ndarray:
    """Returns what the upsets to expect take of a step of computing, in satellite-steps a block."""
    places = jobs.places[0]
    expected = upsets_ahead(params, world.foresight.proton_flux).mean(axis=1) * places
    lost = places * USUAL_PACE * params.gang.restart_s / params.gang.step_s
    return world.blocks(expected) / world.lengths * lost


def value_charge(gang: GangProgram) -> None:
    """Makes charge at a plan's end worth the work that it can be turned into, up to `KEPT`."""
    hw, service = gang.world.params.hardware, gang.world.params.service
    for satellite in gang.satellites:
        capacity_j = float(gang.world.foresight.hardware["battery_capacity_j"][satellite.sat])
        worth = WORK_PER_ENERGY * capacity_j / (hw.peak_power_w * service.step_s)
        kept = gang.program.columns(f"kept {satellite.sat}", 1, 0.0, KEPT, worth)
        gang.program.at_most(column(kept) - column(satellite.battery.charge[-1:]), 0.0)
