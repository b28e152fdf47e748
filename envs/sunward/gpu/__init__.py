"""Worlds on an NVIDIA GPU: the same passes as on the processor, a satellite a thread.

`pip install 'sunward[gpu]'`, then::

    simulator = sunward.gpu.GpuSimulator(sunward.build_params(scenario), n_envs=4096)
    simulator.reset([(seed, 0) for seed in range(4096)])
    simulator.step(actions)  # a torch tensor on the device, read where it lies
    torch.as_tensor(simulator.observation_rows, device="cuda")  # (N_OBS, satellites), no copy
"""

from sunward.gpu.simulator import GpuSimulator, NoGpuError

__all__ = ["GpuSimulator", "NoGpuError"]
