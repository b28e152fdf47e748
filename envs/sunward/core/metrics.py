"""What an episode is judged by: sums over a world, apart from the training reward."""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """One running sum of the episode, over all satellites of a world."""

    name: str
    unit: str
    meaning: str


METRICS = (
    Metric("value", "1", "score: weighted work done, misses, wear and failures a satellite-step"),
    Metric("reward", "1", "training reward, summed over satellites and steps"),
    Metric("interactive_arrived", "GPU-s", "interactive work that entered"),
    Metric("interactive_done", "GPU-s", "interactive work answered in orbit, in time"),
    Metric("interactive_missed", "GPU-s", "interactive work lost"),
    Metric("deferrable_arrived", "GPU-s", "deferrable work that entered, with the initial queue"),
    Metric("deferrable_done", "GPU-s", "deferrable work done in orbit, in time"),
    Metric("deferrable_missed", "GPU-s", "deferrable work whose deadline passed"),
    Metric("interactive_ground", "GPU-s", "interactive work answered on the ground, in time"),
    Metric("deferrable_ground", "GPU-s", "deferrable work done on the ground, in time"),
    Metric("handed_over", "GPU-s", "work sent to neighbours"),
    Metric("array_energy", "J", "electrical energy that the arrays could give"),
    Metric("curtailed_energy", "J", "part of it that nothing could take"),
    Metric("bus_energy", "J", "bus, pumps and lasers"),
    Metric("compute_energy", "J", "accelerators"),
    Metric("battery_loss", "J", "lost in charging and discharging"),
    Metric("unmet_energy", "J", "bus and pump demand that could not be met"),
    Metric("absorbed_heat", "J", "infrared, albedo and sunlight taken up by the radiators"),
    Metric("radiated_heat", "J", "radiated to space"),
    Metric("wear", "1", "battery capacity lost, in whole batteries"),
    Metric("brownouts", "1", "falls into safe mode"),
    Metric("trips", "1", "over-temperature trips"),
    Metric("upsets", "1", "accelerators lost to particle hits"),
    Metric("hot_time", "s", "satellite-seconds with chips above the throttle temperature"),
)
N_METRICS = len(METRICS)
METRIC_INDEX = {metric.name: index for index, metric in enumerate(METRICS)}
