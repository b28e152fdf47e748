"""What a member is paid for, what a gang adds up, and what an episode is judged by: tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sunward.core.metrics import METRICS as SATELLITE_METRICS
from sunward.core.metrics import Metric
from sunward.core.reward import Term
from sunward.training.gang import SUM

TERMS = (
    Term("progress", +1, "work of the gang, at the slowest member's pace"),
    Term("lost", -1, "work taken back: a member was hit by an upset, tripped or browned out"),
    Term("wear", -1, "battery capacity lost"),
    Term("brownout", -1, "falls into safe mode for want of power"),
    Term("trip", -1, "over-temperature trips"),
)
N_TERMS = len(TERMS)
TERM_INDEX = {term.name: index for index, term in enumerate(TERMS)}

#: Sums that a gang keeps over an episode, in the order of the kernel's columns.
SUMS = (
    Metric("durable_work", "GPU-s", "work that was saved, or whose job was finished"),
    Metric("progress_work", "GPU-s", "work of the gang, kept or not"),
    Metric("lost_work", "GPU-s", "work that upsets, trips and brown-outs took back"),
    Metric("waiting_work", "GPU-s", "what members did beyond the slowest: waiting at the barrier"),
    Metric("jobs_finished", "1", "jobs"),
    Metric("checkpoints", "1", "checkpoints that were completed"),
    Metric(
        "checkpoint_energy", "J", "that the lasers take for them; small, so no battery gives it"
    ),
    Metric("interruptions", "1", "steps after which the gang fell back to its last checkpoint"),
    Metric("regroupings", "1", "steps in which members joined or left while the gang computed"),
    Metric("paused_time", "s", "that the gang waited for checkpoints, restarts and regroupings"),
    Metric("member_steps", "1", "satellite-steps in the gang"),
)
N_SUMS = len(SUMS)


assert SUM._fields == tuple(entry.name for entry in SUMS)

#: Metrics of the satellites themselves, as the simulator keeps them.
KEPT = tuple(
    metric
    for metric in SATELLITE_METRICS
    if not metric.name.startswith(("value", "reward", "interactive", "deferrable", "handed"))
)
METRICS = (
    Metric("value", "1", "score: durable work less wear and failures, a satellite-step"),
    Metric("reward", "1", "training reward, summed over satellites and steps"),
    Metric("goodput", "1", "durable work over what all satellites could do at full clock"),
    *SUMS,
    *KEPT,
)

#: What a gang does not: requests, work that is missed, work on the ground.
_NOTHING = (
    "interactive_done",
    "interactive_missed",
    "deferrable_missed",
    "interactive_ground",
    "deferrable_ground",
)


def scored(found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Returns sums as `sunward.core.score.value` takes them: of work, what is durable counts."""
    durable = found["durable_work"]
    nothing = np.zeros_like(durable)
    return {**found, **dict.fromkeys(_NOTHING, nothing), "deferrable_done": durable}
