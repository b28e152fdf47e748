"""Mean density of the upper atmosphere, 150 to 2,000 km, any activity (not for the kernel).

A table of NRLMSIS 2.1, made by `scripts/fit_atmosphere.py`: means over the globe, the hours of the
day and the year. In between, cubic interpolation of the logarithm in altitude and in F10.7; storms
count as a higher F10.7. Against the model between the table's nodes: within 2.5 % from 260 to 2,000
km for ap 3 to 30 and F10.7 67 to 235, within 5 % below. By its hour the density at a place is
between half the mean and twice the mean at 500 km.

References: Emmert et al., NRLMSIS 2.0, Earth and Space Science 8 (2021) e2020EA001321; Emmert et
al., NRLMSIS 2.1, J. Geophys. Res. Space Physics 127 (2022) e2022JA030896; Lucas, pymsis 0.13.
"""

import math

from sunward.physics.scalar import scalar

ALTITUDES_KM = (
    *(150.0, 175.0, 205.0, 240.0, 280.0, 325.0, 375.0, 430.0, 490.0, 560.0),
    *(640.0, 730.0, 830.0, 940.0, 1080.0, 1260.0, 1480.0, 1740.0, 2000.0),
)
#: Solar radio flux at 10.7 cm in 1e-22 W m-2 Hz-1, its mean over a day and over 81 days alike.
F107 = (60.0, 80.0, 105.0, 135.0, 170.0, 210.0, 260.0)
#: ln(density in kg/m3) at ap 12; a row an F10.7, a column an altitude.
LOG_DENSITY = (
    (
        *(-20.3100, -21.5548, -22.7693, -23.9792, -25.1851, -26.3915, -27.6111),
        *(-28.8487, -30.0801, -31.3097, -32.3528, -33.1127, -33.6882),
        *(-34.1945, -34.7478, -35.3465, -35.9253, -36.4368, -36.8223),
    ),
    (
        *(-20.2870, -21.4823, -22.6190, -23.7366, -24.8467, -25.9561, -27.0759),
        *(-28.2150, -29.3674, -30.5799, -31.7290, -32.6602, -33.3444),
        *(-33.8894, -34.4610, -35.0960, -35.7497, -36.3616, -36.8272),
    ),
    (
        *(-20.2576, -21.4025, -22.4655, -23.4961, -24.5149, -25.5316, -26.5562),
        *(-27.5978, -28.6585, -29.8040, -30.9677, -32.0295, -32.8731),
        *(-33.5066, -34.1056, -34.7468, -35.4298, -36.1169, -36.6790),
    ),
    (
        *(-20.2219, -21.3161, -22.3108, -23.2631, -24.1998, -25.1334, -26.0731),
        *(-27.0271, -28.0000, -29.0621, -30.1785, -31.2799, -32.2584),
        *(-33.0318, -33.7090, -34.3610, -35.0354, -35.7369, -36.3486),
    ),
    (
        *(-20.1803, -21.2240, -22.1561, -23.0396, -23.9054, -24.7679, -25.6355),
        *(-26.5154, -27.4123, -28.3949, -29.4431, -30.5190, -31.5537),
        *(-32.4549, -33.2657, -33.9755, -34.6436, -35.3253, -35.9342),
    ),
    (
        *(-20.1338, -21.1278, -22.0031, -22.8275, -23.6342, -24.4382, -25.2476),
        *(-26.0679, -26.9033, -27.8189, -28.8010, -29.8273, -30.8570),
        *(-31.8239, -32.7684, -33.5920, -34.2908, -34.9558, -35.5429),
    ),
    (
        *(-20.0780, -21.0188, -21.8386, -22.6093, -23.3650, -24.1202, -24.8817),
        *(-25.6534, -26.4384, -27.2979, -28.2209, -29.1926, -30.1885),
        *(-31.1675, -32.2015, -33.1669, -33.9530, -34.6309, -35.2013),
    ),
)
LOWEST_AP, HIGHEST_AP = 0.0, 60.0
#: Of `equivalent_f107`.
STORM_AP, STORM_SCALE, STORM_OFFSET, STORM_EXPONENT = 12.0, 12.9021, 6.7769, 0.301
#: ap goes with F10.7: 4 at 70 (solar minimum), 12 at 140, 25 at 220 (solar maximum).
TYPICAL_AP, TYPICAL_F107, TYPICAL_EXPONENT = 12.0, 140.0, 1.6

#: Nodes of one cubic.
N_NODES = 4


@scalar
def density_kg_m3(altitude_m: float, f107: float, ap: float) -> float:
    """Returns the mean mass density of the air in kg/m3.

    Args:
        altitude_m: Height above the Earth's sphere in m; held within 150 to 2,000 km.
        f107: Solar radio flux at 10.7 cm in 1e-22 W m-2 Hz-1, 65 (solar minimum) to 250.
        ap: Daily planetary geomagnetic index; held within 0 to 60.
    """
    held_km = max(ALTITUDES_KM[0], min(ALTITUDES_KM[-1], 1e-3 * altitude_m))
    held_ap = max(LOWEST_AP, min(HIGHEST_AP, ap))
    return math.exp(interpolated(LOG_DENSITY, equivalent_f107(f107, held_ap), held_km))


@scalar
def typical_ap(f107: float) -> float:
    """Returns the daily ap that usually goes with a solar radio flux (a rough assumption).

    Args:
        f107: Solar radio flux at 10.7 cm in 1e-22 W m-2 Hz-1.
    """
    return TYPICAL_AP * (f107 / TYPICAL_F107) ** TYPICAL_EXPONENT


@scalar
def equivalent_f107(
    f107: float,
    ap: float,
    scale: float = STORM_SCALE,
    offset: float = STORM_OFFSET,
    exponent: float = STORM_EXPONENT,
) -> float:
    """Returns the F10.7 at which the table's ap of 12 gives the density of f107 and ap.

    Both warm the thermosphere, and density follows from its temperature.

    Args:
        f107: Solar radio flux at 10.7 cm in 1e-22 W m-2 Hz-1.
        ap: Daily planetary geomagnetic index, 0 to 60.
        scale, offset, exponent: Of the law, fitted to NRLMSIS 2.1 from 200 to 1,700 km.
    """
    storm = math.log((ap + offset) / (STORM_AP + offset))
    return f107 + scale * storm * (f107 / TYPICAL_F107) ** exponent


@scalar
def interpolated(table: tuple[tuple[float, ...], ...], f107: float, altitude_km: float) -> float:
    """Returns the table's value by cubic interpolation in both directions.

    Args:
        table: A row an entry of `F107`, a column an entry of `ALTITUDES_KM`.
        f107: Where to read it; a little beyond the ends the last cubic goes on.
        altitude_km: Where to read it in km, 150 to 2,000.
    """
    row = first_node(F107, f107)
    column = first_node(ALTITUDES_KM, altitude_km)
    total = 0.0
    for i in range(N_NODES):
        along = 0.0
        for j in range(N_NODES):
            along += weight(ALTITUDES_KM, column, j, altitude_km) * table[row + i][column + j]
        total += weight(F107, row, i, f107) * along
    return total


@scalar
def first_node(nodes: tuple[float, ...], x: float) -> int:
    """Returns the index of the first of the four nodes around x (the last four beyond the end)."""
    below = sum(1 for node in nodes if node < x)
    return max(0, min(len(nodes) - N_NODES, below - N_NODES // 2))


@scalar
def weight(nodes: tuple[float, ...], first: int, chosen: int, x: float) -> float:
    """Returns the weight of one of four nodes in the cubic through them (Lagrange)."""
    product = 1.0
    for other in range(N_NODES):
        if other != chosen:
            span = nodes[first + chosen] - nodes[first + other]
            product *= (x - nodes[first + other]) / span
    return product
