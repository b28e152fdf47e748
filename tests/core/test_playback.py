"""A trace drives the simulator step by step, as it was recorded."""

import numpy as np
import pytest
from tests.core.worlds import SMALL

from sunward import Simulator, build_params, load_scenario
from sunward.core.observations import INDEX, in_units
from sunward.core.rows import ROW
from sunward.workload.playback import play_trace
from sunward.workload.traces import load_trace


def trace_file(folder):
    """Writes ten minutes of requests whose rate doubles halfway."""
    times = [*np.arange(0.0, 300.0, 2.0), *np.arange(300.0, 600.0, 1.0)]
    rows = "\n".join(f"{t},{400 + int(t)},{50 + int(t) % 7}" for t in times)
    path = folder / "trace.csv"
    path.write_text(f"t_s,input_tokens,output_tokens\n{rows}\n")
    return path


@pytest.mark.parametrize("scale", ["raw", "load"])
def test_every_satellite_gets_the_work_of_the_traces_own_step(tmp_path, scale):
    path = trace_file(tmp_path)
    overrides = SMALL | {"demand.trace": str(path), "demand.trace_scale": scale}
    params = build_params(load_scenario("walker-53-66-v0", **overrides))
    played = play_trace(load_trace(path), 60.0).multipliers()
    simulator = Simulator(params, 1)
    simulator.reset([(4, 0)])
    start = int(simulator._worlds[0, 3])
    assert scale == "load" or start == 0
    for step in range(25):  # two and a half times the trace
        expected = in_units(simulator.observations[0], "interactive_expected")
        is_seen = (expected > 1e-4) & (
            simulator.observations[0, :, INDEX["interactive_expected"]] < 1
        )
        work = simulator.row(ROW.interactive_new)[0] / params.service.capacity_work
        ratio = work[is_seen] / expected[is_seen]
        np.testing.assert_allclose(ratio, played[(start + step) % len(played)], rtol=2e-3)
        assert is_seen.any()
        simulator.step(np.zeros((1, params.n_sats, 5), np.float32))


def test_raw_playback_brings_the_gpu_seconds_of_the_trace(tmp_path):
    path = trace_file(tmp_path)
    overrides = SMALL | {"demand.trace": str(path), "demand.trace_scale": "raw"}
    params = build_params(load_scenario("walker-53-66-v0", **overrides))
    playback = play_trace(load_trace(path), 60.0)
    per_step = params.sites.interactive_work.sum() * params.trace[:, 0]
    np.testing.assert_allclose(per_step, playback.gpu_s_per_step, rtol=1e-12)
