"""Accelerators: power against clock and batch, and how fast work gets done."""

from sunward.physics.approximation import maximum, minimum, square_root
from sunward.physics.scalar import scalar

#: Clock share below which voltage no longer falls, and the voltage share it stays at.
KNEE_CLOCK = 0.65
KNEE_VOLTAGE = 0.75
#: `batch_power_fraction`: rise of the first piece, start and rise of the second.
BATCH_RISE = 9.6
BATCH_BASE = 0.63
BATCH_SLOPE = 1.0 - BATCH_BASE


@scalar
def voltage_fraction(
    clock_fraction: float, knee_clock: float = KNEE_CLOCK, knee_voltage: float = KNEE_VOLTAGE
) -> float:
    """Returns core voltage over its value at full clock: flat below the knee, then linear.

    Args:
        clock_fraction: Clock over full clock, above 0, at most 1.
        knee_clock: Clock share below which voltage no longer falls, below 1 (0.65).
        knee_voltage: Voltage share it stays at (0.75, an assumption: with an idle share of 13 %
            the least energy per operation is then near the measured 70 % of the clock).

    References: form of the fit in arXiv 2607.00819 (linear and non-linear part, A40 to H200).
    """
    slope = (1.0 - knee_voltage) / (1.0 - knee_clock)
    return knee_voltage + slope * maximum(clock_fraction - knee_clock, 0.0)


@scalar
def dynamic_power_fraction(
    clock_fraction: float, knee_clock: float = KNEE_CLOCK, knee_voltage: float = KNEE_VOLTAGE
) -> float:
    """Returns switching power over its value at full clock: f V^2.

    Args:
        clock_fraction: Clock over full clock, above 0, at most 1.
        knee_clock, knee_voltage: As in `voltage_fraction`.
    """
    voltage = voltage_fraction(clock_fraction, knee_clock, knee_voltage)
    return clock_fraction * voltage * voltage


@scalar
def decode_time(clock_fraction: float) -> float:
    """Returns the clock cycles of decoding over those at full clock: f^0.9, as its rate is f^0.1.

    Decoding waits for memory. The exponent is an assumption, no fit: a round number between figures
    that disagree. Time over that at full clock, theirs and by f^0.1:

        [1] 1B to 32B models, 180 of 2,842 MHz                1.01 to 1.06    1.32
        [2] 70B on eight H100 whose power is capped such
            that prefill takes 1.30 (clock of 0.77)           1.00            1.03
        [3] 70B on four H100, half the clock, batch of 8      1.04            1.07
            batch of 16                                       1.08            1.07
            batch of 64                                       1.23            1.07
            batch of 256                                      1.42            1.07

    [1] is measured, whole requests of which 77 to 91 % is decoding, but on no Hopper: by it the
    exponent is 0.004 to 0.02. [2] has the same two ratios at every length and batch: a rule of
    theirs, not measured one by one. [3] is measured at full clock only: a fit of 60 step times puts
    4, 8, 23 and 42 % of a step down to arithmetic (contexts of 1,000 tokens), and that part alone
    is taken to follow the clock. So f^0.1 is cautious for small batches and too kind for large
    ones; no figure here is of decoding alone, measured at a lower clock on a Hopper.

    A polynomial in the square root of the clock, exact at full clock; relative error 4e-6 for
    clocks of 0.05 to 1.

    Args:
        clock_fraction: Clock over full clock, 0.05 to 1.

    References: [1] Maliakel, Ilager and Brandic, Characterizing LLM inference energy-performance
    tradeoffs across workloads and GPU scaling, arXiv 2501.08219 (2025), abstract; [2] Patel et al.,
    Splitwise, ISCA (2024), its published performance table of Llama 2 70B; [3] step times on H100
    of the ML.ENERGY benchmark, fit applied to Llama 3.1 70B.
    """
    root = square_root(clock_fraction)
    return -0.0018966109096458794 + root * (
        0.057596391667235625
        + root
        * (
            1.2350979957948909
            + root
            * (
                -0.5607194324172053
                + root
                * (0.4468113843410678 + root * (-0.2286714910336255 + root * 0.051781762557282424))
            )
        )
    )


@scalar
def mixed_time(decode: float, prefill_share: float) -> float:
    """Returns the clock cycles of work over those at full clock: prefill and decode times add.

    Args:
        decode: From `decode_time`.
        prefill_share: Share of the time at full clock that is bound by arithmetic, 0 to 1.
    """
    return prefill_share + (1.0 - prefill_share) * decode


@scalar
def work_rate(clock_fraction: float, prefill_share: float) -> float:
    """Returns work done per second over that at full clock.

    Prefill and training are bound by arithmetic (rate ~ f), decode by memory (rate ~ f^0.1); the
    times add: 1 / (p / f + (1 - p) / f^0.1).

    Args:
        clock_fraction: Clock over full clock, 0.05 to 1.
        prefill_share: Share of the time at full clock that is bound by arithmetic, 0 to 1.
    """
    return clock_fraction / mixed_time(decode_time(clock_fraction), prefill_share)


@scalar
def batch_power_fraction(fill: float) -> float:
    """Returns power above idle over that of a full batch.

    min(9.6 fill, 0.63 + 0.37 fill): a lightly loaded accelerator is the dear one. Fitted to a 70B
    model measured on four H100 (ML.ENERGY), decode batches of 8, 64, 256 and 1,024:

        power above idle, W    441 - 75   500 - 75   589 - 75   637 - 75
        over the last          0.651      0.756      0.915      1
        tokens/s, W / (J/tok)  117        625        1227       1722
        over the last = fill   0.068      0.363      0.713      1
        this function          0.654      0.764      0.894      1

    Below the smallest batch measured power is taken to go to idle in proportion.

    Args:
        fill: Tokens per second over those of a full batch, 0 to 1.
    """
    return minimum(BATCH_RISE * fill, BATCH_BASE + BATCH_SLOPE * fill)


@scalar
def accelerator_power_w(
    rated_w: float,
    idle_fraction: float,
    active_share: float,
    dynamic_fraction: float,
    batch_fraction: float,
) -> float:
    """Returns the power of all accelerators in W, leakage at its reference temperature.

    Those switched off take nothing, those on at least the idle share.

    Args:
        rated_w: Power of all at full clock and batch in W.
        idle_fraction: Idle power over rated power (0.13).
        active_share: Share of accelerators switched on, 0 to 1.
        dynamic_fraction: From `dynamic_power_fraction`.
        batch_fraction: From `batch_power_fraction`.

    References: idle share from measured H200 boards, 80 W idle against 593 W under load.
    """
    busy = batch_fraction * dynamic_fraction
    return active_share * rated_w * (idle_fraction + (1.0 - idle_fraction) * busy)
