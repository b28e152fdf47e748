"""The benchmark's measurements run, say in what unit, and come back from their JSON."""

import json
from itertools import count
from time import perf_counter, process_time

import numpy as np
import pytest

from sunward.core.width import LANES
from sunward_agents.bench import (
    duel,
    explain,
    fleets,
    large,
    operations,
    ours,
    roofline,
    sweep,
    timing,
    vector_code,
)
from sunward_agents.bench.duel import Broken, Duel
from sunward_agents.bench.explain import Explanation
from sunward_agents.bench.figure import Figure
from sunward_agents.bench.peers import PEERS, Peer
from sunward_agents.bench.plot import draw
from sunward_agents.bench.report import Report
from sunward_agents.bench.roofline import Roofline
from sunward_agents.bench.stages import Stage
from sunward_agents.bench.sweep import Point
from sunward_agents.bench.vector_code import VectorCode
from sunward_agents.cli import main

ROOF = Roofline(memory_bytes_per_s=1e10, cache_bytes_per_s=1e11, flops_per_s=1e11)
POINTS = [
    Point(
        satellites,
        worlds,
        threads,
        1e6 * satellites * threads,
        9e5 * satellites,
        2.2e6 * satellites,
    )
    for worlds in (1, 16)
    for satellites in (1, 66)
    for threads in (1, 2)
]


def report() -> Report:
    one = Report(
        machine={"hardware": "a test", "python": "3"}, missing={"Peer": "pip install peer"}
    )
    one.add([Figure("step", 3.0, "us", 2.0), Figure("rate", 7.0, "M/s", 5.0, "above"), *POINTS])
    one.add([Duel("Peer", "1.0", 8, 4, 1, 1e5, "simulator", 2e6, 20.0, 19.0, 21.5)])
    one.add([Broken("Other", "ImportError: no engine")])
    code = VectorCode({"zmm (512 bits)": 40, "scalar": 2})
    parts = [Stage("advance", 60.0, 1500.0), Stage("observe", 40.0, 500.0)]
    one.add([Explanation(code, 2000.0, 1000, ROOF, 4e6, parts)])
    return one


def test_a_small_step_gives_positive_figures_with_their_unit():
    figures = [*ours.one_world(), *ours.memory()]
    assert [figure.unit for figure in figures] == ["us", "us", "us", "bytes"]
    assert all(figure.value > 0 for figure in figures)


def test_a_satellite_takes_less_than_a_kibibyte():
    (figure,) = ours.memory()
    assert figure.value < 1024


def test_a_large_fleet_is_built_stepped_and_weighed():
    build, step, rate, memory = large.large_fleet("mega-10k-v0")
    assert [figure.unit for figure in (build, step, rate, memory)] == [
        "s",
        "s",
        "M satellite-steps/s",
        "GiB",
    ]
    assert rate.value * step.value == pytest.approx(0.01)  # 10,000 satellites
    assert 0.0 < step.value < 1.0
    assert 0.05 < memory.value < 3.0


def test_the_promise_of_the_million_is_told():
    limit_s, limit_gib = large.LARGE["million-v0"]
    assert Figure("step", 0.3, "s", limit_s).holds
    assert not Figure("memory", 3.5, "GiB", limit_gib).holds


def test_calls_take_turns_and_a_run_is_a_mean_of_its_calls():
    order: list[str] = []
    seconds = timing.runs_s(
        [(lambda: order.append("a"), perf_counter), (lambda: order.append("b"), perf_counter)],
        3,
        0.0,
    )
    assert order == ["a", "b"] * 4  # one run of each warms up
    assert seconds.shape == (3, 2)
    assert (seconds > 0.0).all()


def test_a_process_that_fails_tells_its_last_line():
    with pytest.raises(RuntimeError, match=r"^ValueError: no such thing$"):
        timing.printed(["-c", "raise ValueError('no such thing')"])


def test_every_fleet_of_the_sweep_has_planes_and_its_number_of_satellites():
    for n_sats in sweep.SATELLITES:
        if n_sats < 1000:
            assert fleets.fleet(n_sats, 1).n_sats == n_sats
    assert set(sweep.SATELLITES) <= {1, *fleets.PLANES}
    assert {peer.agents for peer in PEERS.values()} <= {1, *fleets.PLANES}


def test_a_point_of_the_sweep_holds_its_runs(monkeypatch):
    monkeypatch.setattr(sweep, "RUN_S", 0.002)
    points = list(sweep.points(16, 2))
    assert [point.threads for point in points] == sorted({1, sweep.n_cores()})
    for point in points:
        assert 0 < point.lowest <= point.rate <= point.highest


def test_a_duel_runs_both_by_turns_and_its_ratio_is_that_of_the_times(monkeypatch):
    ticks = count()

    def clock() -> float:
        return float(next(ticks))  # whole seconds: no rounding

    def contender(name: str):
        return lambda agents, worlds: clock if name == "peer" else _nothing

    peer = Peer("P", "numpy", "", 4, 2, "simulator", contender("peer"), contender("ours"))
    monkeypatch.setitem(PEERS, "p", peer)
    monkeypatch.setattr(timing.time, "process_time", clock)
    told, constellation = duel.play("p", 1, n_runs=3, run_s=0.0)
    # Ours lasts one tick from start to stop; the peer moves the clock by one more.
    assert told.ratio == told.lowest_ratio == told.highest_ratio == 2.0
    assert (told.our_rate, told.peer_rate) == (8.0, 4.0)
    assert told.version == np.__version__
    assert (constellation.ours, constellation.our_rate) == ("simulator, 66 x 128", 66 * 128.0)
    assert constellation.ratio == 66 * 128 / 4.0


def test_gymnasiums_own_batch_is_measured_in_a_process_held_to_one_core():
    told, _ = duel.duels("cartpole", 1)
    assert isinstance(told, Duel), told
    assert told.cores == 1
    assert told.peer_rate > 0 < told.our_rate
    assert told.ratio == pytest.approx(told.our_rate / told.peer_rate, rel=0.5)


@pytest.mark.parametrize("name", [name for name, peer in PEERS.items() if peer.is_installed])
def test_an_installed_peer_takes_a_step(name):
    peer = PEERS[name]
    peer.build(peer.agents, 2)()


@pytest.mark.parametrize("name", PEERS)
def test_ours_takes_a_step_in_every_peers_shape(name):
    peer = PEERS[name]
    peer.build_ours(peer.agents, 1 if peer.worlds == 1 else 2)()


def test_a_peer_that_breaks_is_told_and_stops_nothing(monkeypatch):
    broken = PEERS["cartpole"]._replace(name="Broken")
    monkeypatch.setitem(PEERS, "no-such-peer", broken)  # the other process knows nothing of it
    (told,) = duel.duels("no-such-peer", 1)
    assert told == Broken("Broken", "KeyError: 'no-such-peer'")


def test_missing_peers_are_told_with_the_line_that_installs_them(monkeypatch):
    monkeypatch.setitem(PEERS, "x", PEERS["vmas"]._replace(name="X", module="no_such_module"))
    assert duel.missing()["X"] == 'pip install "sunward[bench]"'
    assert "x" not in {measure.args[0] for measure in duel.measurements()}


def test_the_report_comes_back_from_its_json():
    one = report()
    again = Report.from_json(json.loads(json.dumps(one.as_json())))
    assert again == one
    assert again.tables() == one.tables()


def test_the_tables_tell_promises_ratios_and_shares():
    figures, points, peers, explanation, phases = report().tables()
    assert [row[-1] for row in figures.rows] == ["< 2 missed", ">= 5 yes"]
    assert points.columns[2:] == ("M/s on 1 core", "M/s on 2 cores")
    assert points.rows[0][:2] == ("1", "1")
    assert peers.rows[0][-1] == "20 (19 to 21.5)"
    # 4e6 x 2000 flops of 1e11; 4e6 x 1000 bytes of 1e10, the nearer roof.
    assert [row[1] for row in explanation.rows[-3:]] == ["8 %", "40 %", "40 %"]
    # 1,500 operations in 60 ns, 500 in 40; the whole is their sum.
    assert [row[2:] for row in phases.rows] == [
        ("60", "1,500", "25"),
        ("40", "500", "12.5"),
        ("100", "2,000", "20"),
    ]
    assert report().absent_lines() == [
        "Peer is not installed: pip install peer",
        "Other does not run: ImportError: no engine",
    ]


def test_instructions_are_counted_by_width():
    assembly = """
    \tvmulps\t%zmm1, %zmm2, %zmm3
    \tvfmadd213ps\t(%rax){1to16}, %zmm2, %zmm3
    \tvaddpd\t%ymm1, %ymm2, %ymm3
    \tmulss\t%xmm1, %xmm2
    \tvaddsd\t8(%rax), %xmm2, %xmm2
    \tvmovaps\t%zmm1, (%rax)
    \tvpaddd\t%zmm1, %zmm2, %zmm3
    """
    assert vector_code.counted(assembly) == {
        "zmm (512 bits)": 2,
        "ymm (256 bits)": 1,
        "xmm (128 bits)": 0,
        "scalar": 2,
    }
    assert vector_code.counted("fmla v0.4s, v1.4s, v2.4s") == {}
    assert VectorCode({"zmm (512 bits)": 2, "ymm (256 bits)": 1, "scalar": 9}).widest.startswith(
        "zmm"
    )


def test_numbers_count_the_operations_they_take_part_in():
    operations.Counted.done = 0
    row = np.array([1.5, 2.0], np.float32).view(operations.CountedArray)
    told = np.float32(2.0) * row[0] + 1.0 - -row[1] / np.float32(4.0)
    assert told == 4.5
    assert operations.Counted.done == 4
    row[0] = told
    assert sum(row[:1]) == 4.5


def test_a_satellite_step_takes_thousands_of_operations_and_about_a_kibibyte():
    # 64 sites alone ask for some 15 each; and no count is more than ten times as much.
    assert 64 * 15 < sum(operations.flops_per_phase().values()) < 64 * 150
    assert 800 < operations.bytes_per_step() < 1600
    assert operations.N_SATS == LANES


def test_the_roof_is_the_lower_of_two():
    assert ROOF.attainable_rate(flops=100.0, n_bytes=1000.0) == 1e7  # memory
    assert ROOF.attainable_rate(flops=1e5, n_bytes=1.0) == 1e6  # arithmetic


def test_the_triad_and_the_multiply_adds_are_within_what_cores_can_do():
    assert 1e9 < roofline.triad_bytes_per_s(2**20) < 1e12
    assert 1e9 < roofline.multiply_add_flops_per_s(200_000) < 1e12


def test_more_multiply_adds_take_longer():
    # LLVM has not folded the loop away.
    few, many = (timing.median(lambda n=n: _multiply_adds_s(n), 5) for n in (10**5, 10**6))
    assert many > 4.0 * few


def _nothing() -> None:
    pass


def _multiply_adds_s(n_times: int) -> float:
    return timing.runs_s([(lambda: roofline._multiply_adds(n_times), process_time)], 1, 0.0)[0, 0]


def test_explaining_is_one_more_measurement():
    assert explain.measurements() == [explain.explained]


def test_the_picture_is_a_whole_png(tmp_path):
    draw(tmp_path / "bench.png", POINTS, "a test")
    assert (tmp_path / "bench.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["bench.png"]


def test_a_picture_that_is_no_png_is_refused_before_anything_is_measured(capsys):
    assert main(["bench", "--plot", "bench.svg"]) == 2
    assert capsys.readouterr().err == (
        "sunward bench: plot is bench.svg, must end in .png: the picture is a PNG\n"
    )


def test_the_command_writes_json_picture_and_tables(tmp_path, monkeypatch, capsys):
    from sunward_agents.commands import bench

    monkeypatch.setattr(bench, "_measurements", lambda arguments: [lambda: POINTS])
    target = tmp_path / "bench.json"
    assert main(["bench", "--json", str(target), "--plot", str(tmp_path / "b.png")]) == 0
    assert Report.from_json(json.loads(target.read_text())).points == POINTS
    assert (tmp_path / "b.png").exists()
    assert "66" in capsys.readouterr().out


def test_options_add_measurements():
    from sunward_agents.commands.bench import Arguments, _measurements

    usual = len(_measurements(Arguments()))
    assert len(_measurements(Arguments(large=True))) == usual + len(large.LARGE)
    assert len(_measurements(Arguments(explain=True))) == usual + 1
