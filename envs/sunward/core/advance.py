"""The phase that takes satellites through the sub-steps of a step, once links have been settled."""

from __future__ import annotations

from .compilation import inlined_kernel, prefer_full_width
from .ground import send_down
from .kernel import draw_words, end_step, send_work, settle_queue
from .params import N_SUBSTEPS
from .prefetch import prefetch_part
from .substep_kernel import run_substep, start_substeps


@inlined_kernel
def run_substeps(rows, hw, service, weights, to_come):
    """Takes a block's satellites through the sub-steps of a step, less the work that they send."""
    prefer_full_width()
    send_work(rows, service)
    start_substeps(rows, hw, service)
    send_down(rows, service, weights)
    for substep in range(N_SUBSTEPS):
        prefetch_part(to_come[0], substep, N_SUBSTEPS)
        prefetch_part(to_come[1], substep, N_SUBSTEPS)
        prefetch_part(to_come[2], substep, N_SUBSTEPS)
        run_substep(rows, hw, service)


@inlined_kernel
def close_step(rows, ints, hw, service):
    """Settles what a block's satellites did in the sub-steps, and what befell them."""
    settle_queue(rows)
    draw_words(rows, ints)
    end_step(rows, hw, service)
