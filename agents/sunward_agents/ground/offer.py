"""What a data centre on the ground takes work for, and the price that sends it what is too much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sunward.core.params import Params


class Offer(NamedTuple):
    """A scenario's data centre, as satellites deal with it."""

    price: float  # that it asks, in [0, 1]
    gain: float  # share of the requests sent down for a unit of price above it

    @property
    def greatest_share(self) -> float:
        """Share of the requests that the highest price sends down, in [0, 1]."""
        return min(1.0, self.gain * (1.0 - self.price))


def offer_of(params: Params) -> Offer | None:
    """Returns the offer of a scenario; None where no price sends anything down."""
    service = params.service
    if service.ground_work == 0.0 or service.transfer_gain == 0.0:
        return None
    return Offer(service.ground_price, service.transfer_gain)


def relieving_price(asked: np.ndarray, excess: np.ndarray, offer: Offer) -> np.ndarray:
    """Returns prices that send the excess down, and elsewhere do not exceed the ground's.

    Args:
        asked: price of work among neighbours, in [0, 1].
        excess: share of its requests that a satellite would miss, in [0, 1].
        offer: of the ground.
    """
    above = offer.price + excess / offer.gain
    return np.where(excess > 0.0, above, np.minimum(asked, offer.price))
