"""Plays the same rollouts on the processor and on a GPU that Numba simulates: prints what differs.

Run with NUMBA_ENABLE_CUDASIM=1, which decides what a kernel is as soon as one is imported. A
simulated GPU shares the processor's memory, so tensors over it are those of torch's processor.
"""

import json
import warnings

import torch

import sunward
from sunward.core.params import Params
from sunward.gpu import GpuSimulator
from sunward_agents.sb3 import tensor_fleet
from sunward_agents.sb3.checkpoint import capture, restore
from sunward_agents.sb3.tensor_env import TensorVecEnv
from sunward_agents.sb3.tensor_learner import TensorPPO

N_WORLDS, N_STEPS, N_ROLLOUTS = 2, 2, 3
#: Four steps of a minute: one world's first episode is cut after two.
EPISODE = {"episode.hours": 4 / 60}


def main() -> None:
    """Prints the largest difference of each row of the rollouts, of terms and of metrics."""
    # Phases wrap round by design; scalars of NumPy warn of it, compiled code does not.
    warnings.simplefilter("ignore", RuntimeWarning)
    params = sunward.make_simulator("dawn-dusk-24-v0", 1, **EPISODE).params
    tensor_fleet._shared = lambda rows: torch.from_numpy(rows._ary)
    on_gpu = gpu_learner(params)
    on_cpu = learner(tensor_fleet.make_fleet(params, N_WORLDS, "cpu"))
    worst: dict[str, float] = {}
    for rollout in range(N_ROLLOUTS):
        for one in (on_gpu, on_cpu):
            torch.manual_seed(rollout)
            one.collect()
        for name, rows in on_gpu.rollout_buffer.rows.items():
            apart = rows - on_cpu.rollout_buffer.rows[name]
            worst[name] = max(worst.get(name, 0.0), float(apart.abs().max()))
        terms = abs(on_gpu.reward_terms - on_cpu.reward_terms).max()
        worst["terms"] = max(worst.get("terms", 0.0), float(terms))
    metrics = [list(one.worlds.episode_metrics) for one in (on_gpu, on_cpu)]
    pairs = zip(*metrics, strict=True)
    values = [(ours[name], theirs[name]) for ours, theirs in pairs for name in theirs]
    worst["metrics"] = max(abs(ours - theirs) / (1.0 + abs(theirs)) for ours, theirs in values)
    resumed = apart_after_resuming(on_gpu, gpu_learner(params))
    print(json.dumps({"ended": len(metrics[0]), "worst": worst, "resumed": resumed}))  # noqa: T201


def gpu_learner(params: Params) -> TensorPPO:
    """Returns a learner at its start with worlds on the simulated GPU."""
    return learner(tensor_fleet.GpuFleet(GpuSimulator(params, N_WORLDS)))


def apart_after_resuming(one: TensorPPO, other: TensorPPO) -> float:
    """Returns how far the rollout of a learner is from that of another with its state."""
    state = capture(one)
    one.collect()
    restore(other, state)
    other.collect()
    pairs = zip(one.rollout_buffer.rows.values(), other.rollout_buffer.rows.values(), strict=True)
    return max(float((ours - theirs).abs().max()) for ours, theirs in pairs)


def learner(fleet: tensor_fleet.TensorFleet) -> TensorPPO:
    """Returns a learner at its start, whose action spreads over the whole range."""
    env = TensorVecEnv(fleet, seed=5)
    options = {"n_steps": N_STEPS, "batch_size": 2, "seed": 5, "device": "cpu"}
    ready = TensorPPO(env, policy_kwargs={"net_arch": [8, 8]}, **options)
    ready.begin(1000)
    return ready


if __name__ == "__main__":
    main()
