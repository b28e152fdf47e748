"""The phase that takes satellites through the sub-steps of a step, once links have been settled."""

from __future__ import annotations

from .compilation import inlined_kernel, prefer_full_width
from .ground import send_down
from .kernel import draw_words, end_step, send_work, settle_queue
from .params import N_SUBSTEPS
from .prefetch import prefetch_part
from .substep_kernel import run_substep, start_substeps


@inlined_kernel
def count_substeps(service):
    """Returns N_SUBSTEPS, as a number that LLVM does not know: it would write each out."""
    return int(service.step_s / service.substep_s + 0.5)


@inlined_kernel
def run_substeps(rows, vectors, hw, service, weights, to_come):
    """Takes a block's satellites through the sub-steps of a step, less the work that they send."""
    prefer_full_width()
    send_work(rows, vectors, service)
    start_substeps(rows, vectors, hw, service)
    send_down(rows, vectors, service, weights)
    for substep in range(count_substeps(service)):
        prefetch_part(to_come[0], substep, N_SUBSTEPS)
        prefetch_part(to_come[1], substep, N_SUBSTEPS)
        prefetch_part(to_come[2], substep, N_SUBSTEPS)
        run_substep(rows, vectors, hw, service)


@inlined_kernel
def close_step(rows, vectors, ints, hw, service):
    """Settles what a block's satellites did in the sub-steps, and what befell them."""
    settle_queue(rows, vectors)
    draw_words(rows, vectors, ints)
    end_step(rows, vectors, hw, service)
