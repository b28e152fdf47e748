"""A market's revenue as straight pieces that lie above it, for a linear program."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.buildout import model

#: Tangents touch at evenly spaced asinh(sqrt(supply / demand)): errors are then alike, in shares of
#: the revenue, from a nearly empty market to a full one.
SPACING = 0.06
#: Supply over demand where the last tangent touches at most.
LAST_TOUCH = 100.0


class Pieces(NamedTuple):
    """Revenue over (demand x price of an empty market), piece by piece of supply over demand."""

    width: np.ndarray  # (n,) of supply over demand
    slope: np.ndarray  # (n,) falling


def revenue_pieces(spacing: float = SPACING) -> Pieces:
    """Returns pieces that lie above x / (1 + x) for every supply over demand x from 0.

    They are tangents, cut where they cross: revenue is concave, so that each lies above it, and so
    does the least of them. At 1 + x = a the slope is 1 / a^2; the tangents of a and b cross at the
    harmonic mean of a and b; that of a reaches 1, all that a market ever pays, at 2 a.
    """
    touch = np.sinh(np.arange(0.0, np.arcsinh(np.sqrt(LAST_TOUCH)), spacing)) ** 2
    a = 1.0 + touch
    crossing = 2.0 / (1.0 / a[:-1] + 1.0 / a[1:])
    edges = np.concatenate([[1.0], crossing, [2.0 * a[-1]]])
    return Pieces(np.diff(edges), model.marginal_price_share(touch, 1.0))
