"""Elementary functions without branches and without a call to libm, so that a loop vectorises.

A call to `math.sin` inside the loop over satellites stops LLVM from vectorising it and halves the
speed. Each function here is a short polynomial (fitted by reweighted least squares to the smallest
greatest error) on a reduced argument, good to a few units in the last place of float32. With
float64 arguments the polynomial's own error, told in each docstring, is what remains.

Literals take the width of the arguments (see `sunward.physics.scalar`). `math.sqrt` alone returns
a double in plain Python whatever it is given; `square_root` gives the argument's width back.
"""

import math

from sunward.physics.constants import HALF_PI, PI, QUARTER_PI
from sunward.physics.scalar import scalar

LN_2 = 0.6931471805599453
SQRT_HALF = 0.7071067811865476
TAN_PI_8 = 0.41421356237309503

#: `exponential` holds its argument within +-this: exp(-32) is 1.3e-14.
EXPONENT_LIMIT = 32.0
#: `logarithm` holds its argument above this, 2**-63.
LOGARITHM_FLOOR = 1.0842021724855044e-19


@scalar
def minimum(a: float, b: float) -> float:
    """Returns the smaller of two numbers."""
    return a if a < b else b


@scalar
def maximum(a: float, b: float) -> float:
    """Returns the greater of two numbers."""
    return a if a > b else b


@scalar
def select(condition: bool, a: float, b: float) -> float:
    """Returns `a` where the condition holds, else `b`; both are already computed."""
    return a if condition else b


@scalar
def clamp(x: float, low: float, high: float) -> float:
    """Returns `x` held within [low, high]."""
    above = x if x > low else low
    return above if above < high else high


@scalar
def square_root(x: float) -> float:
    """Returns the square root of x >= 0, in the width of x.

    `x - x` is a zero of x's own width: it brings the double that `math.sqrt` returns in plain
    Python back to float32. The rounding of a double root to float32 is the correctly rounded root.
    """
    return math.sqrt(x) + (x - x)


@scalar
def sin_cos(angle_rad: float) -> tuple[float, float]:
    """Returns (sine, cosine) of an angle.

    Polynomials in the square of half the angle, then the double-angle formulas: no quadrant to
    choose, hence no branch. Error: 5e-7 in float32, 3e-8 in float64.

    Args:
        angle_rad: Angle in rad, within [-pi, pi].
    """
    half = 0.5 * angle_rad
    z = half * half
    sine = half * (
        0.999999995733
        + z
        * (
            -0.166666579919
            + z * (0.00833305106343 + z * (-0.000198090752904 + z * 2.60522491418e-06))
        )
    )
    cosine = 0.999999999781 + z * (
        -0.499999993585
        + z
        * (
            0.0416666362581
            + z * (-0.00138883614002 + z * (2.47601613492e-05 + z * -2.60514951576e-07))
        )
    )
    return 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine


@scalar
def exponential_minus_one(x: float) -> float:
    """Returns exp(x) - 1 for -4 <= x <= 32, relative error 4e-6 in float32 (4e-7 below 1).

    A polynomial for exp(x/128) - 1, then seven squarings of 1 + q kept as q: for a small x nothing
    is lost to the leading one. Beyond x = 1 each doubling of x doubles the relative error. In
    float64 3e-9 below 1 and 1e-7 at 32. One plus it is exp(x) to 2e-5 at x = -4: where that will
    do it saves the division of `exponential`.
    """
    y = 0.0078125 * x
    q = y * (
        1.00000000295
        + y * (0.499999414044 + y * (0.166685267689 + y * (0.0414606763671 + y * 0.0092556901493)))
    )
    q = q * (2.0 + q)
    q = q * (2.0 + q)
    q = q * (2.0 + q)
    q = q * (2.0 + q)
    q = q * (2.0 + q)
    q = q * (2.0 + q)
    return q * (2.0 + q)


@scalar
def exponential(x: float) -> float:
    """Returns exp(x), with x held within [-32, 32].

    Relative error in float32: 1e-6 for |x| <= 4, 8e-6 at 32; in float64 1e-8 and 1e-7.
    """
    size = minimum(abs(x), EXPONENT_LIMIT + (x - x))
    growth = 1.0 + exponential_minus_one(size)
    inverse = 1.0 / growth
    return growth if x > 0.0 else inverse


@scalar
def logarithm(x: float) -> float:
    """Returns the natural logarithm of x, with x held above 2**-63; for x < 16.

    Six conditional multiplications by powers of two bring x / 16 into [1/2, 1), a seventh into
    [sqrt(1/2), sqrt(2)); there the series of the inverse hyperbolic tangent. Exactly zero at one.
    Error: 2 units in the last place of float32 (absolute 1e-7 near one); 1e-9 in float64.
    """
    zero = x - x
    y = 0.0625 * maximum(x, LOGARITHM_FLOOR + zero)
    octaves = 4.0 + zero

    is_small = y < 2.3283064365386963e-10  # 2**-32
    y = y * 4294967296.0 if is_small else y
    octaves = octaves - 32.0 if is_small else octaves
    is_small = y < 1.52587890625e-05  # 2**-16
    y = y * 65536.0 if is_small else y
    octaves = octaves - 16.0 if is_small else octaves
    is_small = y < 0.00390625  # 2**-8
    y = y * 256.0 if is_small else y
    octaves = octaves - 8.0 if is_small else octaves
    is_small = y < 0.0625
    y = y * 16.0 if is_small else y
    octaves = octaves - 4.0 if is_small else octaves
    is_small = y < 0.25
    y = y * 4.0 if is_small else y
    octaves = octaves - 2.0 if is_small else octaves
    is_small = y < 0.5
    y = y * 2.0 if is_small else y
    octaves = octaves - 1.0 if is_small else octaves
    is_small = y < SQRT_HALF
    y = y * 2.0 if is_small else y
    octaves = octaves - 1.0 if is_small else octaves

    s = (y - 1.0) / (y + 1.0)
    z = s * s
    series = s * (1.99999999861 + z * (0.66666816372 + z * (0.399747567783 + z * 0.299265145466)))
    return octaves * LN_2 + series


@scalar
def power(base: float, exponent: float) -> float:
    """Returns base ** exponent for base in (0, 16) and |exponent * ln(base)| <= 32.

    Relative error 1e-6 in float32 for base in [0.05, 1] and an exponent in [0, 1].
    """
    return exponential(exponent * logarithm(base))


@scalar
def arctangent2(y: float, x: float) -> float:
    """Returns the angle of the point (x, y) in rad, in [-pi, pi]; 0 at the origin.

    The smaller over the larger coordinate lies in [0, 1]; above tan(pi/8) the angle to the diagonal
    is taken instead. One division. Error: 3e-7 rad in float32, 8e-9 in float64.
    """
    width = abs(x)
    height = abs(y)
    short = minimum(width, height)
    long = maximum(width, height)
    is_diagonal = short > TAN_PI_8 * long
    numerator = short - long if is_diagonal else short
    denominator = short + long if is_diagonal else long
    t = numerator / (denominator if denominator > 0.0 else 1.0)
    z = t * t
    octant = t * (
        0.999999982461
        + z * (-0.333328079012 + z * (0.199747242897 + z * (-0.138544575311 + z * 0.0799364378235)))
    )
    octant = octant + QUARTER_PI if is_diagonal else octant
    quadrant = HALF_PI - octant if height > width else octant
    half_plane = PI - quadrant if x < 0.0 else quadrant
    return -half_plane if y < 0.0 else half_plane


@scalar
def arccosine(x: float) -> float:
    """Returns the arc cosine of x in rad, in [0, pi], with x held within [-1, 1].

    Error 4e-7 rad in float32, 1e-8 in float64, at the ends as well.
    """
    zero = x - x
    held = clamp(x, -1.0 + zero, 1.0 + zero)
    return arctangent2(square_root((1.0 - held) * (1.0 + held)), held)
