"""Fits the proton belt of `sunward.physics.belt` to AP8, prints its constants and errors.

    pip install -e ".[validation]"
    python scripts/fit_saa.py [--check]

The points lie on spheres of 300 to 1,975 km; the orbits of the check are none of those that the
package is tested on elsewhere. `--check` only compares the package's constants with AP8.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from itertools import product

import numpy as np
from aep8._core import flux3, flux4, geomag3, geomag4  # the table form is ten times slower
from scipy.optimize import least_squares

from sunward.physics import belt, orbit
from sunward.physics.constants import EARTH_RADIUS_M, EARTH_ROTATION_RAD_S

#: The unit of length that `aep8` hands to the field model.
AEP8_EARTH_RADIUS_M = 6378.1e3
ENERGY_MEV = 30.0
#: None of them is an altitude of the orbits that the package is tested on elsewhere.
ALTITUDES_KM = (300, 330, 360, 400, 450, 525, 575, 625, 680, 750, 850, 900, 950)
ALTITUDES_KM = (*ALTITUDES_KM, 1100, 1150, 1300, 1500, 1650, 1800, 1900, 1975)
N_POINTS = 1500
#: Fluxes well below this count as none: residuals are of ln(flux + floor).
FLOOR_CM2_S = 3.0
#: The lowest spheres weigh more: there the anomaly is small and its edge steep.
LOW_KM, LOW_WEIGHT = 460.0, 1.5
#: The Earth's eccentric dipole of 1960 (Fraser-Smith, Reviews of Geophysics 25 (1987) 1): offset in
#: Earth radii and axis. The fit may move it a little; far from it there are worse minima.
ECCENTRIC_OFFSET = np.array([-0.056, 0.032, 0.025])
ECCENTRIC_AXIS = np.array([0.0677, -0.1861, 0.9802])
DIPOLE_PULL = 300.0
#: Pull of every constant towards zero, against residuals weighted about one.
RIDGE = 0.3
#: Altitude in km and inclination in degrees of the orbits that check the fit.
CHECKS = ((350, 51.6), (450, 97.2), (575, 97.7), (600, 45.0), (725, 98.3), (900, 28.5))
CHECKS = (*CHECKS, (900, 99.0), (1100, 53.0), (1300, 100.9), (1500, 82.0), (1700, 103.0))
CHECKS = (*CHECKS, (1850, 30.0))
CHECK_DAYS, CHECK_STEP_S = 5.0, 30.0

#: Powers of (cosine, distance) and of (x, y, z), in the order of the package's arguments.
BELT_POWERS = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)]
EDGE_POWERS = BELT_POWERS + [(0, 3), (1, 2), (2, 1), (3, 0)]
#: Those of the field that differ between solar minimum and maximum (flat, upright), then the rest.
CHANGE_POWERS = [(0, 1, 0), (0, 2, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0)]
CHANGE_POWERS += [(0, 0, 1), (0, 1, 1), (1, 0, 1)]
FIELD_POWERS = CHANGE_POWERS + [(0, 3, 0), (1, 2, 0), (2, 1, 0), (3, 0, 0)]
FIELD_POWERS += [(0, 2, 1), (1, 1, 1), (2, 0, 1)]
N_DIPOLE = 5


@dataclass(frozen=True)
class Samples:
    """AP8 on spheres, in today's frame."""

    unit: np.ndarray  # (n, 3)
    radius: np.ndarray  # (n,) in Earth radii
    flux: dict[str, np.ndarray]  # solar cycle -> (n,) cm-2 s-1
    weight: dict[str, np.ndarray]


def ap8_flux(unit: np.ndarray, altitude_m: np.ndarray, solar: str) -> np.ndarray:
    """Returns AP8's flux above 30 MeV in cm-2 s-1 at places in today's frame."""
    sine, cosine = math.sin(belt.WESTWARD_DRIFT_RAD), math.cos(belt.WESTWARD_DRIFT_RAD)
    x = cosine * unit[:, 0] - sine * unit[:, 1]
    y = sine * unit[:, 0] + cosine * unit[:, 1]
    radius = (EARTH_RADIUS_M + altitude_m) / AEP8_EARTH_RADIUS_M
    field, model = (geomag3, flux3) if solar == "min" else (geomag4, flux4)
    epoch = np.zeros(len(unit), dtype=np.int64)  # both field models ignore it
    strength, shell = field(epoch, radius * x, radius * y, radius * unit[:, 2])
    with np.errstate(invalid="ignore"):
        return np.maximum(np.nan_to_num(model(ENERGY_MEV, shell, strength)), 0.0)


def spiral(n_points: int, turn: float) -> np.ndarray:
    """Returns evenly spread unit vectors (n_points, 3)."""
    index = np.arange(n_points) + 0.5
    z = 1.0 - 2.0 * index / n_points
    angle = math.pi * (1.0 + math.sqrt(5.0)) * index + turn
    across = np.sqrt(1.0 - z * z)
    return np.stack([across * np.cos(angle), across * np.sin(angle), z], axis=1)


def sample() -> Samples:
    """Returns AP8 on all spheres; each altitude weighs the same, the centre more than the edge."""
    units = [spiral(N_POINTS, 0.37 * k) for k in range(len(ALTITUDES_KM))]
    unit = np.concatenate(units)
    altitude_m = np.repeat(1e3 * np.array(ALTITUDES_KM, dtype=float), N_POINTS)
    flux = {solar: ap8_flux(unit, altitude_m, solar) for solar in ("min", "max")}
    weight = {solar: weights(values) for solar, values in flux.items()}
    return Samples(unit, 1.0 + altitude_m / EARTH_RADIUS_M, flux, weight)


def weights(flux: np.ndarray) -> np.ndarray:
    """Returns the weight of every point, from the fluxes of all spheres."""
    spheres = flux.reshape(len(ALTITUDES_KM), N_POINTS)
    share = (spheres > belt.EDGE_FLUX_CM2_S).mean(axis=1, keepdims=True)
    centre = 1.0 + 2.0 * np.sqrt(spheres / spheres.mean(axis=1, keepdims=True))
    low = np.where(np.array(ALTITUDES_KM) < LOW_KM, LOW_WEIGHT, 1.0)[:, None]
    return (low * centre / np.sqrt(share)).ravel()


def powers_of(columns: tuple[np.ndarray, ...], powers: list) -> np.ndarray:
    """Returns a column for each tuple of powers: the product of the columns' powers."""
    terms = [np.prod([c**e for c, e in zip(columns, es, strict=True)], axis=0) for es in powers]
    return np.stack(terms, axis=1)


class Fit:
    """Constants of both ends of the solar cycle: a dipole, minimum, the change to maximum."""

    def __init__(self, samples: Samples):
        self.samples = samples
        unit = tuple(samples.unit.T)
        near = powers_of(unit, FIELD_POWERS)
        self.field = np.concatenate([near, near / samples.radius[:, None] ** 3], axis=1)
        self.change = powers_of(unit, CHANGE_POWERS)
        self.sizes = [len(BELT_POWERS), len(EDGE_POWERS), self.field.shape[1]]
        self.sizes += [len(BELT_POWERS), len(EDGE_POWERS), self.change.shape[1]]
        self.ends = N_DIPOLE + np.cumsum(self.sizes)

    def split(self, constants: np.ndarray) -> list[np.ndarray]:
        return np.split(constants, [N_DIPOLE, *self.ends[:-1]])

    def terms(self, dipole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Returns the polynomials' terms of the belt and of its edge."""
        place = self.samples.unit * self.samples.radius[:, None] - dipole[:3]
        axis = np.array([dipole[3], dipole[4], 1.0])
        axis /= np.linalg.norm(axis)
        distance = np.linalg.norm(place, axis=1)
        sine = place @ axis / distance
        columns = (belt.MIDDLE_SINE - sine * sine, distance - belt.MIDDLE_DISTANCE)
        return powers_of(columns, BELT_POWERS), powers_of(columns, EDGE_POWERS)

    def logarithms(self, constants: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Returns ln(flux without an edge) and ln(odds of being outside) of each solar cycle."""
        dipole, belt_0, edge_0, field, belt_1, edge_1, change = self.split(constants)
        belt_terms, edge_terms = self.terms(dipole)
        calm = belt_terms @ belt_0, edge_terms @ edge_0 + self.field @ field
        active = belt_terms @ belt_1, edge_terms @ edge_1 + self.change @ change
        return {"min": calm, "max": (calm[0] + active[0], calm[1] + active[1])}

    def residuals(self, constants: np.ndarray) -> np.ndarray:
        parts = []
        for solar, (inside, outside) in self.logarithms(constants).items():
            flux = np.exp(np.clip(inside, -20.0, 14.0) - np.logaddexp(0.0, outside))
            truth = np.log(self.samples.flux[solar] + FLOOR_CM2_S)
            parts.append(self.samples.weight[solar] * (np.log(flux + FLOOR_CM2_S) - truth))
        moved = constants[:N_DIPOLE] - self.start()[:N_DIPOLE]
        return np.concatenate([*parts, RIDGE * constants[N_DIPOLE:], DIPOLE_PULL * moved])

    def slopes(self, constants: np.ndarray) -> np.ndarray:
        """Returns the Jacobian; the dipole's columns by differences."""
        belt_terms, edge_terms = self.terms(constants[:N_DIPOLE])
        blocks = []
        for solar, (inside, outside) in self.logarithms(constants).items():
            log_flux = np.clip(inside, -20.0, 14.0) - np.logaddexp(0.0, outside)
            flux = np.exp(log_flux)
            slope = self.samples.weight[solar] * flux / (flux + FLOOR_CM2_S)
            at_edge = -slope / (1.0 + np.exp(np.clip(-outside, -60.0, 60.0)))
            is_active = float(solar == "max")
            columns = [
                slope[:, None] * belt_terms,
                at_edge[:, None] * edge_terms,
                at_edge[:, None] * self.field,
                is_active * slope[:, None] * belt_terms,
                is_active * at_edge[:, None] * edge_terms,
                is_active * at_edge[:, None] * self.change,
            ]
            blocks.append(np.concatenate(columns, axis=1))
        n_inner = len(constants) - N_DIPOLE
        inner = np.concatenate([*blocks, RIDGE * np.eye(n_inner), np.zeros((N_DIPOLE, n_inner))])
        base = self.residuals(constants)
        outer = np.empty((len(base), N_DIPOLE))
        for column in range(N_DIPOLE):
            moved = constants.copy()
            moved[column] += 1e-5
            outer[:, column] = (self.residuals(moved) - base) / 1e-5
        return np.concatenate([outer, inner], axis=1)

    def start(self) -> np.ndarray:
        constants = np.zeros(self.ends[-1])
        angle = -belt.WESTWARD_DRIFT_RAD
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        constants[0:2], constants[2] = turn @ ECCENTRIC_OFFSET[:2], ECCENTRIC_OFFSET[2]
        constants[3:5] = turn @ ECCENTRIC_AXIS[:2] / ECCENTRIC_AXIS[2]
        constants[N_DIPOLE] = 9.0
        constants[N_DIPOLE + BELT_POWERS.index((1, 0))] = 4.0
        constants[self.ends[0] + EDGE_POWERS.index((0, 1))] = -30.0
        return constants

    def solve(self) -> np.ndarray:
        found = least_squares(
            self.residuals, self.start(), self.slopes, x_scale="jac", max_nfev=200
        )
        return found.x


def print_constants(fit: Fit, constants: np.ndarray) -> None:
    """Prints the constants in the order of the package's calls."""
    dipole, belt_0, edge_0, field, belt_1, edge_1, change = fit.split(constants)
    axis = np.array([dipole[3], dipole[4], 1.0])
    near, far = np.split(field, 2)
    names = ("dipole offset", "dipole axis", "belt", "edge", "field", "field / r^3")
    values = (dipole[:3], axis / np.linalg.norm(axis), belt_0, edge_0, near, far)
    for name, row in zip(names, values, strict=True):
        print(f"{name}: {', '.join(f'{value:.6g}' for value in row)}")
    for name, row in (("belt", belt_1), ("edge", edge_1), ("field", change)):
        print(f"{name}, change to maximum: {', '.join(f'{value:.6g}' for value in row)}")


def orbit_points(altitude_km: float, inclination_deg: float, node_rad: float) -> np.ndarray:
    """Returns Earth-fixed unit vectors along an orbit (n, 3)."""
    radius_m = EARTH_RADIUS_M + altitude_km * 1e3
    sine, cosine = math.sin(math.radians(inclination_deg)), math.cos(math.radians(inclination_deg))
    rate = orbit.argument_rate_rad_s(radius_m, cosine)
    turning = orbit.node_rate_rad_s(radius_m, cosine) - EARTH_ROTATION_RAD_S
    points = []
    for step in range(int(CHECK_DAYS * 86400.0 / CHECK_STEP_S)):
        argument = rate * step * CHECK_STEP_S
        node = node_rad + turning * step * CHECK_STEP_S
        points.append(
            orbit.orbit_position(
                math.sin(argument), math.cos(argument), math.sin(node), math.cos(node), sine, cosine
            )
        )
    return np.array(points)


def statistics(flux: np.ndarray) -> tuple[float, float, float, float]:
    """Returns (time share inside, crossings a day, mean flux, fluence share inside)."""
    is_inside = flux > belt.EDGE_FLUX_CM2_S
    crossings = np.count_nonzero(np.diff(is_inside.astype(int)) > 0) / CHECK_DAYS
    return is_inside.mean(), crossings, flux.mean(), flux[is_inside].sum() / flux.sum()


def check() -> None:
    """Prints the package's statistics over AP8's, orbit by orbit."""
    print(
        "solar altitude_km inclination_deg: share, crossings, mean flux over AP8's; fluence inside"
    )
    for solar, (altitude_km, inclination_deg) in product(("min", "max"), CHECKS):
        unit = orbit_points(altitude_km, inclination_deg, 1.0)
        altitude_m = np.full(len(unit), altitude_km * 1e3)
        truth = statistics(ap8_flux(unit, altitude_m, solar))
        activity = float(solar == "max")
        ours = statistics(
            np.array([belt.proton_flux(*point, altitude_km * 1e3, activity) for point in unit])
        )
        ratios = [
            mine / theirs if theirs else math.nan
            for mine, theirs in zip(ours[:3], truth[:3], strict=True)
        ]
        print(
            f"{solar} {altitude_km:5.0f} {inclination_deg:6.1f}: "
            + ", ".join(f"{ratio:.3f}" for ratio in ratios)
            + f"; {ours[3]:.4f}"
        )
    unit = orbit_points(650.0, 97.986, 0.0)
    mean = np.mean([belt.proton_flux(*point, 650e3, 0.0) for point in unit])
    print(f"mean flux on the Sun-synchronous orbit of 650 km: {mean:.2f} cm-2 s-1")


def main() -> int:
    """Fits, prints and checks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only, do not fit")
    if not parser.parse_args().check:
        fit = Fit(sample())
        print_constants(fit, fit.solve())
    check()
    return 0


if __name__ == "__main__":
    sys.exit(main())
