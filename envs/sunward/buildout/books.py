"""What a month is paid for, and what an episode is judged by: two tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.metrics import Metric

DOLLARS_PER_REWARD = 1e9


class Term(NamedTuple):
    """One part of the reward, in billions of the first month's dollars."""

    name: str
    meaning: str


TERMS = (
    Term("revenue", "GPU-hours sold"),
    Term("orders", "minus what ordered satellites cost"),
    Term("launches", "minus launches, failed ones too"),
    Term("operations", "minus operations of every satellite in orbit"),
    Term("interest", "minus interest above the discount rate: a loan and the rest of it cancel"),
    Term("removal", "minus removal of satellites that died where nothing falls by itself"),
    Term("residual", "what satellites are worth when the last month is over"),
)
N_TERMS = len(TERMS)
TERM_INDEX = {term.name: place for place, term in enumerate(TERMS)}

#: Sums that a world keeps; dollars as they are paid, "discounted" ones of the first month.
SUMS = (
    Metric("revenue_usd", "USD", "GPU-hours sold"),
    Metric("orders_usd", "USD", "satellites ordered"),
    Metric("launches_usd", "USD", "launches"),
    Metric("operations_usd", "USD", "operations"),
    Metric("interest_usd", "USD", "interest, all of it"),
    Metric("removal_usd", "USD", "removal of dead satellites"),
    Metric("discounted_cost_usd", "USD", "all costs, discounted"),
    Metric("discounted_gpu_h", "GPU-h", "work sold, discounted as money is"),
    Metric("discounted_terrestrial_usd", "USD", "that work at the terrestrial price, discounted"),
    Metric("net_usd", "USD", "all terms of the reward, discounted"),
    Metric("ordered", "1", "satellites ordered"),
    Metric("launched", "1", "satellites launched, lost ones too"),
    Metric("launched_kg", "kg", "mass launched"),
    Metric("lost_in_launch", "1", "satellites that a failed flight destroyed"),
    Metric("died", "1", "satellites that died in orbit"),
    Metric("retired", "1", "satellites taken down"),
    Metric("retired_kg", "kg", "their dry mass"),
    Metric("gpu_h", "GPU-h", "work sold, of the reference accelerator"),
    Metric("grounded_months", "month", "months that no flight was allowed"),
    Metric("peak_debt_usd", "USD", "highest debt"),
    Metric("peak_power_w", "W", "highest power of the accelerators in orbit"),
)
N_SUMS = len(SUMS)
SUM_INDEX = {entry.name: place for place, entry in enumerate(SUMS)}

METRICS = (
    Metric("value", "BUSD", "score: discounted net value, with what is left at the end"),
    Metric("power_gw", "GW", "peak power of the accelerators in orbit at the end"),
    Metric("peak_power_gw", "GW", "its highest value"),
    Metric("launched_t", "t", "mass launched"),
    Metric("cost_per_gpu_h", "USD/GPU-h", "discounted costs over discounted GPU-hours; 0 if none"),
    Metric("terrestrial_per_gpu_h", "USD/GPU-h", "terrestrial price of the same GPU-hours"),
    Metric("gpu_h", "GPU-h", "work sold, of the reference accelerator"),
    Metric("revenue", "BUSD", "GPU-hours sold"),
    Metric("orders", "BUSD", "spent on satellites"),
    Metric("launches", "BUSD", "spent on launches"),
    Metric("operations", "BUSD", "spent on operations"),
    Metric("interest", "BUSD", "spent on interest, all of it"),
    Metric("removal", "BUSD", "spent on removal"),
    Metric("ordered", "1", "satellites ordered"),
    Metric("launched", "1", "satellites launched, lost ones too"),
    Metric("lost_in_launch", "1", "satellites that a failed flight destroyed"),
    Metric("died", "1", "satellites that died in orbit"),
    Metric("retired", "1", "satellites taken down"),
    Metric("retired_t", "t", "their dry mass, which burns up"),
    Metric("in_orbit", "1", "satellites in orbit at the end"),
    Metric("on_ground", "1", "satellites in store or on order at the end"),
    Metric("cash", "BUSD", "cash at the end"),
    Metric("debt", "BUSD", "debt at the end"),
    Metric("peak_debt", "BUSD", "highest debt"),
    Metric("grounded_months", "month", "months that no flight was allowed"),
    Metric("insolvent", "1", "1 if the company could not pay, which ends the episode"),
)


class Account:
    """The sums of a batch of worlds, float64 (n, N_SUMS), by name."""

    def __init__(self, n: int) -> None:
        self.sums = np.zeros((n, N_SUMS))

    def add(self, **amounts: np.ndarray) -> None:
        for name, amount in amounts.items():
            self.sums[:, SUM_INDEX[name]] += amount

    def raise_to(self, **levels: np.ndarray) -> None:
        for name, level in levels.items():
            place = SUM_INDEX[name]
            self.sums[:, place] = np.maximum(self.sums[:, place], level)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.sums[:, SUM_INDEX[name]]
