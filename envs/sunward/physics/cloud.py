"""Cloud over a ground station: a two-state Markov process in continuous time, clear or cloudy.

Only two figures: the share of time that is clear, and how long the sky remembers itself. An optical
link works when it is clear. *Assumptions: a whole pass is clear or is not; sites are independent
(they are beyond some 500 km); no season, no hour of the day.*

References: Cox and Miller, The theory of stochastic processes (1965), the process of two states;
site availability of 59 to 69 % for optical stations, NASA LCRD.
"""

from sunward.physics.approximation import exponential, power, select
from sunward.physics.scalar import scalar


@scalar
def remembered_share(duration_s: float, correlation_s: float) -> float:
    """Returns how much of the sky's state is kept over a time: exp(-t / tau), 0 to 1.

    Args:
        duration_s: Time in s, at least 0.
        correlation_s: Time in which the correlation falls to 1/e in s, above 0 (hours).
    """
    return exponential(-duration_s / correlation_s)


@scalar
def clear_probability(was_clear: float, clear_share: float, remembered: float) -> float:
    """Returns the chance that the sky is clear, given what it was some time before.

    c + (w - c) r: exact for any time, so one long step equals many short ones.

    Args:
        was_clear: 1.0 if it was clear, 0.0 if not; in between, the chance that it was.
        clear_share: Share of time that is clear c, 0 to 1 (0.6 to 0.7).
        remembered: From `remembered_share` r.
    """
    return clear_share + (was_clear - clear_share) * remembered


@scalar
def cloud_step(was_clear: float, uniform: float, clear_share: float, remembered: float) -> float:
    """Returns the sky after a step: 1.0 if clear, else 0.0.

    Args:
        was_clear: 1.0 or 0.0 before.
        uniform: Random number, 0 to 1.
        clear_share, remembered: As in `clear_probability`.
    """
    zero = was_clear - was_clear
    chance = clear_probability(was_clear, clear_share, remembered)
    return select(uniform < chance, 1.0 + zero, zero)


@scalar
def change_rates_per_s(clear_share: float, correlation_s: float) -> tuple[float, float]:
    """Returns the rates (of clouding over, of clearing up) in 1/s.

    Args:
        clear_share: Share of time that is clear, 0 to 1.
        correlation_s: As in `remembered_share`; the rates add up to its inverse.
    """
    return (1.0 - clear_share) / correlation_s, clear_share / correlation_s


@scalar
def clear_contact_s(contact_s: float, clear_share: float) -> float:
    """Returns the expected contact under a clear sky in s.

    Args:
        contact_s: Contact above the mask in s.
        clear_share: Share of time that is clear, 0 to 1.
    """
    return contact_s * clear_share


@scalar
def blocked_probability(clear_share: float, remembered: float, n_passes: float) -> float:
    """Returns the chance that all of several passes are cloudy.

    (1 - c) (1 - c (1 - r))^(n - 1): a cloudy pass makes the next one likelier cloudy.

    Args:
        clear_share: Share of time that is clear c, 0 to 1.
        remembered: From `remembered_share`, from one pass to the next r.
        n_passes: How many, at least 1, at most 30.
    """
    stays_cloudy = 1.0 - clear_probability(0.0, clear_share, remembered)
    return (1.0 - clear_share) * power(stays_cloudy, n_passes - 1.0)


@scalar
def some_clear_share(clear_share: float, n_sites: float) -> float:
    """Returns the share of time in which at least one of several independent sites is clear.

    Args:
        clear_share: Share of time that is clear at each, above 0, below 1.
        n_sites: How many, at least 0, at most 30.
    """
    return 1.0 - power(1.0 - clear_share, n_sites)
