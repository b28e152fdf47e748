"""Where the time of training goes is told, and adds up."""

from __future__ import annotations

from itertools import count

import pytest

from sunward_agents.cli import main
from sunward_agents.sb3 import stopwatch
from sunward_agents.sb3.learner import ADVANTAGES, ENVIRONMENT, FORWARD, UPDATE
from sunward_agents.sb3.stopwatch import OTHER, Stopwatch


def test_parts_and_what_belongs_to_none_add_up_to_the_whole(monkeypatch):
    ticks = count()
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: float(next(ticks)))
    clock = Stopwatch()
    with clock.whole():
        for name in ("step", "learn", "step"):
            with clock.part(name):
                pass
    # Seven ticks from first to last; each part lasts one.
    assert clock.total_s == 7.0
    assert clock.shares() == {"step": 2 / 7, "learn": 1 / 7, OTHER: pytest.approx(4 / 7)}
    assert list(clock.shares()) == ["step", "learn", OTHER]
    clock.clear()
    assert clock.share("step") == 0.0


def test_a_clock_waits_before_it_is_read_at_the_end_of_parts_and_whole(monkeypatch):
    ticks = count()
    monkeypatch.setattr(stopwatch.time, "perf_counter", lambda: float(next(ticks)))
    clock = Stopwatch()
    clock.wait = lambda: [next(ticks) for _ in range(10)]  # what a device still has to do
    with clock.whole(), clock.part("queued"):
        pass
    assert clock.parts_s == {"queued": 11.0}
    assert clock.total_s == 23.0


def test_training_tells_its_parts_when_asked_to(tmp_path, capsys):
    sizes = ["--n-worlds", "4", "--n-steps", "8", "--batch-size", "32", "--total-steps", "64"]
    worlds = ["--validation-worlds", "1", "--test-worlds", "2", "--run-dir", str(tmp_path / "run")]
    assert main(["train", "single-ppo", *sizes, *worlds, "--profile"]) == 0
    out = capsys.readouterr().out
    for part in (ENVIRONMENT, FORWARD, ADVANTAGES, UPDATE, OTHER):
        assert part in out
    assert "satellite-steps/s" in out


def test_a_build_out_has_no_profile(capsys):
    assert main(["train", "buildout-ppo", "--profile"]) == 2
    assert capsys.readouterr().err == (
        "sunward train: profile tells the time of a fleet's learner: drop it for a build-out\n"
    )
