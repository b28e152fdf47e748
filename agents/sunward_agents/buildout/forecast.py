"""What one world may be expected to bring, from what its company has been shown so far.

Cadence and delay give the launcher's growth, performance gives progress, the price of a launch
tells how many flights there were: all exactly, as `sunward.buildout.outlook` draws them. Growth of
demand is known within its spread and the swing that hides it. No slip, grounding or swing to come
is known: they are taken at their mean rate, and those under way last as they do on average.
"""

from __future__ import annotations

import math

import numpy as np

from sunward.buildout import model
from sunward.buildout.figures import Launch, Market
from sunward.buildout.outlook import Outlook
from sunward.buildout.params import Params
from sunward_agents.buildout.future import Future


def forecast(params: Params, outlook: Outlook, env: int, month: int) -> Future:
    """Returns the months from `month` on that a company may expect; it sees those up to `month`."""
    ahead = np.arange(params.months - month)
    launches = _launches(params.scenario.launch, outlook, env, month, ahead)
    performance = _performance(params, outlook, env, month, ahead)
    return Future(
        month,
        **launches,
        performance=performance,
        price_usd_per_gpu_h=_price(params, outlook, env, month, performance),
        demand_gpu_h=_demand(params, outlook, env, month, ahead),
    )


def _launches(
    launch: Launch, outlook: Outlook, env: int, month: int, ahead: np.ndarray
) -> dict[str, np.ndarray]:
    """Returns the launcher's part of a forecast."""
    cadence = model.flights_per_month(
        float(outlook.flights_per_month[month, env]),
        launch.full_flights_per_month,
        _growth_per_month(launch, outlook, env, month),
        _progress_months(launch, bool(outlook.is_slipping[month, env]), ahead),
    )
    payload_kg = launch.first_payload_kg + cadence / launch.full_flights_per_month * (
        launch.full_payload_kg - launch.first_payload_kg
    )
    flown = _flights_flown(launch, float(outlook.launch_usd_per_kg[month, env]))
    flights, fraction, price = np.zeros((3, len(ahead)))
    stands_months = _mean(launch.shortest_grounding_months, launch.longest_grounding_months)
    for step, offered in enumerate(cadence):
        fraction[step] = model.failure_fraction(
            launch.first_failure_fraction,
            launch.lowest_failure_fraction,
            flown,
            launch.failure_flights,
        )
        price[step] = _launch_price(launch, flown)
        is_grounded = outlook.is_grounded[month, env] and step < stands_months / 2.0
        flights[step] = 0.0 if is_grounded else _flying(offered, fraction[step], stands_months)
        flown += flights[step]
    return {
        "lift_kg": flights * payload_kg,
        "lost_share": fraction,
        "expected_lift_kg": cadence * payload_kg,
        "launch_usd_per_kg": price,
    }


def _growth_per_month(launch: Launch, outlook: Outlook, env: int, month: int) -> float:
    """Returns the launcher's growth: what its cadence shows, if it has moved at all."""
    past = month - float(outlook.delay_months[month, env])
    if past < 1.0:
        return launch.growth_per_month
    full = launch.full_flights_per_month
    left = full / float(outlook.flights_per_month[month, env]) - 1.0
    return -math.log(left / (full / launch.first_flights_per_month - 1.0)) / past


def _progress_months(launch: Launch, is_slipping: bool, ahead: np.ndarray) -> np.ndarray:
    """Returns the months of progress that are made in so many months, slips at their mean rate."""
    slip_months = _mean(launch.shortest_slip_months, launch.longest_slip_months)
    share = 1.0 / (1.0 + launch.slip_rate_per_month * slip_months)
    return share * np.maximum(ahead - is_slipping * slip_months / 2.0, 0.0)


def _flights_flown(launch: Launch, usd_per_kg: float) -> float:
    """Returns how many flights have been flown, from the price that they have come to."""
    above = (usd_per_kg - launch.lowest_price_usd_per_kg) / (
        launch.first_price_usd_per_kg - launch.lowest_price_usd_per_kg
    )
    exponent = math.log2(1.0 - launch.price_learning_fraction)
    return launch.past_flights * (above ** (1.0 / exponent) - 1.0)


def _launch_price(launch: Launch, flown: float) -> float:
    return float(
        model.learnt(
            launch.first_price_usd_per_kg,
            launch.lowest_price_usd_per_kg,
            flown,
            launch.past_flights,
            launch.price_learning_fraction,
        )
    )


def _flying(offered: float, fraction: float, stands_months: float) -> float:
    """Returns the flights of a mean month: each failure grounds the others for a while."""
    return offered / (1.0 + offered * fraction * stands_months)


def _performance(
    params: Params, outlook: Outlook, env: int, month: int, ahead: np.ndarray
) -> np.ndarray:
    now = float(outlook.performance[month, env])
    growth = (
        math.log(now) / month if month else params.scenario.progress.performance_growth_per_month
    )
    return now * np.exp(growth * ahead)


def _price(
    params: Params, outlook: Outlook, env: int, month: int, performance: np.ndarray
) -> np.ndarray:
    """Returns the terrestrial price: it follows progress, and the swing of this month fades."""
    progress = params.scenario.progress
    trend = progress.first_price_usd_per_gpu_h * performance**-progress.price_follows_fraction
    swing = math.log(float(outlook.price_usd_per_gpu_h[month, env]) / trend[0])
    return trend * np.exp(swing * _fading(progress.price_swing_memory_months, len(trend)))


def _demand(
    params: Params, outlook: Outlook, env: int, month: int, ahead: np.ndarray
) -> np.ndarray:
    """Returns demand by market, (H, N_MARKETS): the trend, and the swing of this month fades."""
    market = params.scenario.market
    grown = math.log(float(outlook.demand_gpu_h[month, env, 0] / params.first_demand[0]))
    growth = _demand_growth(market, grown, month)
    swing = grown - growth * month
    grows = growth * (month + ahead) + swing * _fading(market.swing_memory_months, len(ahead))
    return np.exp(grows)[:, None] * params.first_demand


def _demand_growth(market: Market, grown: float, months: int) -> float:
    """Returns the growth a month that is most likely, where demand has grown by e^`grown`.

    The mean of the posterior of two normal laws: growth about the scenario's, the swing about 0.
    """
    spread = market.growth_per_month * market.growth_spread_fraction / math.sqrt(3.0)
    signal, noise = (spread * months) ** 2, market.swing_std_fraction**2
    if signal == 0.0:
        return market.growth_per_month
    surprise = grown - market.growth_per_month * months
    return market.growth_per_month + surprise / months * signal / (signal + noise)


def _fading(memory_months: float, n_months: int) -> np.ndarray:
    return np.exp(-np.arange(n_months) / memory_months)


def _mean(low: float, high: float) -> float:
    return (low + high) / 2.0
