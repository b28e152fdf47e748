"""From a training scenario to the parameters of its simulator: the one place where that happens."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from sunward.core.params import N_SLOTS, Hardware, Orbits
from sunward.physics.constants import MU_M3_S2
from sunward.physics.formation import formation_offset, lattice_place_m
from sunward.scenario.build import build_params
from sunward.scenario.game import Demand, Network, Reward
from sunward.scenario.scenario import Scenario
from sunward.training.figures import Formation, Training, TrainingReward
from sunward.training.jobs import job_table, load_job_profile
from sunward.training.load import content_hash
from sunward.training.params import Gang, TrainingParams

#: Training is bound by arithmetic: its rate goes with the clock, as that of prefill.
TRAINING_PREFILL_SHARE = 1.0


def build_training(training: Training) -> TrainingParams:
    """Returns the parameters of a training scenario, in SI units.

    Raises:
        ScenarioError: the profile of jobs is missing or malformed.
    """
    params = build_params(fleet(training))
    orbits = params.orbits
    if training.formation is not None:
        orbits = gathered(orbits, training.formation)
    jobs = training.jobs
    parts = {field.name: getattr(params, field.name) for field in dataclasses.fields(params)}
    parts |= {
        "content_hash": content_hash(training),
        "service": params.service._replace(deferrable_prefill_share=TRAINING_PREFILL_SHARE),
        "orbits": orbits,
        "gang": build_gang(training, params.hardware),
        "jobs": job_table(
            load_job_profile(jobs.profile), jobs.smallest_gpus, jobs.whole_gpus, params.n_sats
        ),
    }
    return TrainingParams(**parts)


def fleet(training: Training) -> Scenario:
    """Returns the satellites as a scenario of the simulator, without any demand of their own."""
    return Scenario(
        id=training.id,
        description=training.description,
        task="constellation",
        hardware=training.hardware,
        constellation=training.constellation,
        start=training.start,
        episode=training.episode,
        demand=no_demand(training.episode.hours),
        network=Network(neighbours="none", transfer_gain=0.0, transfer_limit_satellite_min=0.0),
        reward=own_reward(training.reward),
        safe_mode=training.safe_mode,
    )


def no_demand(hours: float) -> Demand:
    """Returns a demand that sends nothing, and whose deadline slots outlast an episode."""
    deadline_min = 2.0 * N_SLOTS * max(60.0 * hours, 2.0)
    return Demand(
        profile="inference-2025",
        sites="sites-64",
        interactive_load=0.0,
        deferrable_load=0.0,
        ingress_radius_km=2200.0,
        shortest_deadline_min=deadline_min,
        longest_deadline_min=deadline_min,
    )


def own_reward(reward: TrainingReward) -> Reward:
    """Returns what each satellite pays by itself; work is paid by the gang, and scored as here."""
    return Reward(
        value_interactive=0.0,
        value_deferrable=reward.value_progress,
        miss_interactive=0.0,
        miss_deferrable=0.0,
        wear_per_kwh=reward.wear_per_kwh,
        brownout=reward.brownout,
        trip=reward.trip,
        sender_credit=0.0,
    )


def build_gang(training: Training, hardware: Hardware) -> Gang:
    """Returns the gang's figures as its kernel takes them."""
    figures, links, faults = training.gang, training.hardware.links, training.hardware.faults
    transfer_s = figures.state_bit / links.rate_bit_s
    step_s = float(training.episode.step_s)
    return Gang(
        step_s=step_s,
        accelerators=hardware.accelerators,
        capacity_work=hardware.accelerators * step_s,
        checkpoint_s=transfer_s,
        checkpoint_j=figures.state_bit * links.energy_j_bit,
        restart_s=figures.restart_s + transfer_s,
        regroup_s=figures.regroup_s,
        upset_rate=faults.upset_rate_per_s,
        upset_floor=faults.upset_floor_fraction,
        value_progress=training.reward.value_progress,
        team_share=training.reward.team_share,
    )


def gathered(orbits: Orbits, formation: Formation) -> Orbits:
    """Returns the orbits of satellites that fly as a lattice, in place of a ring.

    Only offsets along the track count for light and place: those across it are below a kilometre,
    and all members have the same period.
    """
    n_sats = len(orbits.argument_rad)
    side = math.isqrt(n_sats)
    radius_m = float(orbits.semi_major_axis_m[0])
    motion_rad_s = math.sqrt(MU_M3_S2 / radius_m) / radius_m
    along_m = [
        formation_offset(*lattice_place_m(sat, side, formation.pitch_m), motion_rad_s, 0.0).y_m
        for sat in range(n_sats)
    ]
    return dataclasses.replace(orbits, argument_rad=np.array(along_m) / radius_m)
