"""Upsets: how often particles disturb the accelerators, from the flux of trapped protons."""

from sunward.physics.approximation import exponential_minus_one
from sunward.physics.scalar import scalar


@scalar
def upset_rate_per_s(
    flux_cm2_s: float, mean_rate_per_s: float, mean_flux_cm2_s: float, floor_fraction: float
) -> float:
    """Returns the rate of upsets per second: a floor of cosmic rays plus a part that follows flux.

    Args:
        flux_cm2_s: Proton flux now in cm-2 s-1.
        mean_rate_per_s: Upsets per second averaged over the reference orbit.
        mean_flux_cm2_s: Mean flux on that orbit (`belt.MEAN_FLUX_SSO_650_CM2_S`), above 0.
        floor_fraction: Share of upsets from cosmic rays, 0 to 1 (an assumption: AP8 has none).

    References: rate proportional to flux, Petersen, Single Event Effects in Aerospace (2011).
    """
    protons = (1.0 - floor_fraction) * flux_cm2_s / mean_flux_cm2_s
    return mean_rate_per_s * (floor_fraction + protons)


@scalar
def upset_probability(rate_per_s: float, duration_s: float) -> float:
    """Returns the chance of at least one upset in a time: 1 - exp(-rate t), exact for small rates.

    Args:
        rate_per_s: Upsets per second, at least 0; rate x duration is held below 32.
        duration_s: Time in s.
    """
    expected = rate_per_s * duration_s
    held = expected if expected < 32.0 else 32.0 + (expected - expected)
    growth = exponential_minus_one(held)
    return growth / (1.0 + growth)
