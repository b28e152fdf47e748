"""What one world will bring, month by month, exactly as it has been drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.buildout.outlook import Outlook
from sunward.buildout.params import Params


class Future(NamedTuple):
    """The months of one world from `first_month` on; H months. Fields as those of `Outlook`."""

    first_month: int
    lift_kg: np.ndarray  # (H,) that flights carry up
    lost_share: np.ndarray  # (H,) of it that a failed flight destroys
    expected_lift_kg: np.ndarray  # (H,) of a month without trouble, what orders are measured in
    launch_usd_per_kg: np.ndarray  # (H,)
    performance: np.ndarray  # (H,) of what is ordered
    price_usd_per_gpu_h: np.ndarray  # (H,)
    demand_gpu_h: np.ndarray  # (H, N_MARKETS)

    @property
    def n_months(self) -> int:
        return len(self.lift_kg)

    @property
    def months(self) -> np.ndarray:
        """Which months of the episode these are, (H,)."""
        return self.first_month + np.arange(self.n_months)


def foreseen(params: Params, outlook: Outlook, env: int, first_month: int = 0) -> Future:
    """Returns the months that are left of world `env`, as they will be."""
    left = slice(first_month, params.months)
    return Future(first_month, *(getattr(outlook, name)[left, env] for name in Future._fields[1:]))
