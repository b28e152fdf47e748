"""A look at a world: a panel of text, or a map with every satellite and what the fleet is up to."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sunward.core.observations import INDEX, OBSERVATIONS, in_units
from sunward.core.orbit_step import rotate
from sunward.core.simulator import Simulator
from sunward.faces.canvas import Canvas, Colour
from sunward.physics.sun import greenwich_sidereal_angle_rad, sun_direction_and_distance

_WIDTH, _HEIGHT = 960, 400
_MAP = (16, 40, 640, 320)  # x, y, width, height
_NIGHT, _DAY = np.array((9.0, 14.0, 30.0)), np.array((38.0, 62.0, 104.0))
_GROUND, _GRID, _FAINT, _INK = (14, 18, 28), (52, 70, 104), (128, 140, 164), (230, 234, 244)
_CITY, _SHADOW, _SUNLIT = (255, 196, 110), (70, 84, 120), (255, 244, 196)
_FLOW = (96, 150, 230)
#: Charge from empty to full.
_CHARGE = np.array(((214, 48, 49), (240, 132, 40), (242, 206, 70), (120, 200, 90), (40, 190, 130)))


class Gauge(NamedTuple):
    """One bar of the panel: a feature of the observation, over all satellites that are alive."""

    feature: str
    label: str
    unit: str
    factor: float


_GAUGES = (
    Gauge("charge_fraction", "charge", "%", 100.0),
    Gauge("array_power", "array power", "%", 100.0),
    Gauge("compute_power", "compute power", "%", 100.0),
    Gauge("clock", "clock", "%", 100.0),
    Gauge("chip_temperature", "chips", "C", 1.0),
    Gauge("radiator_temperature", "radiator", "C", 1.0),
    Gauge("queue", "queue", "%", 100.0),
)


def frame(simulator: Simulator, env: int, mode: str) -> Any:
    """Returns world `env` as text for "ansi", as uint8 (height, width, 3) for "rgb_array"."""
    return _text(simulator, env) if mode == "ansi" else _picture(simulator, env)


def _text(simulator: Simulator, env: int) -> str:
    title, second = _headlines(simulator, env)
    lines = [title, second]
    for gauge in _GAUGES:
        low, mean, high, fill = _readings(simulator.observations[env], gauge)
        bar = "#" * round(20 * fill)
        spread = f"  {low:.0f} to {high:.0f}" if simulator.n_sats > 1 else ""
        lines.append(f"{gauge.label:<14}[{bar:-<20}] {mean:4.0f} {gauge.unit}{spread}")
    return "\n".join(lines)


def _headlines(simulator: Simulator, env: int) -> tuple[str, str]:
    seen, params = simulator.observations[env], simulator.params
    step, alive = int(simulator.step_count[env]), simulator.alive[env]
    hours = step * params.service.step_s / 3600.0
    sunlit = int(np.sum(alive & (in_units(seen, "illumination") > 0.5)))
    halted = alive & ((in_units(seen, "tripped") > 0.5) | (in_units(seen, "safe_mode") > 0.0))
    value = float(simulator.metrics()["value"][env])
    return (
        f"{params.scenario_id}  {hours:.1f} h  step {step} of {simulator.episode_steps}",
        f"score {value:.3f}  {sunlit} in sunlight  {int(halted.sum())} halted  "
        f"{int(alive.sum())} of {simulator.n_sats} alive",
    )


def _readings(seen: np.ndarray, gauge: Gauge) -> tuple[float, float, float, float]:
    """Returns lowest, mean and highest value over the fleet, and how far the mean fills a bar."""
    values = in_units(seen, gauge.feature).astype(np.float64) * gauge.factor
    fill = (float(np.mean(seen[:, INDEX[gauge.feature]], dtype=np.float64)) + 1.0) / 2.0
    return float(values.min()), float(values.mean()), float(values.max()), fill


def _picture(simulator: Simulator, env: int) -> np.ndarray:
    canvas = Canvas(_WIDTH, _HEIGHT, _GROUND)
    title, second = _headlines(simulator, env)
    canvas.text(16, 12, title, _INK, 2)
    canvas.text(16, _HEIGHT - 26, second, _INK)
    canvas.text(16, _HEIGHT - 14, "fill: charge   bright rim: sunlight   dots: demand", _FAINT)
    _draw_earth(canvas, simulator, env)
    _draw_satellites(canvas, simulator, env)
    _draw_gauges(canvas, simulator.observations[env])
    return canvas.image()


def _draw_earth(canvas: Canvas, simulator: Simulator, env: int) -> None:
    """Day and night, a grid of 30 degrees, and the sites where demand comes from."""
    x, y, width, height = _MAP
    day = np.clip(0.5 + 4.0 * (_map_directions() @ sun_direction(simulator, env)), 0.0, 1.0)
    canvas.pixels[y : y + height, x : x + width] = _NIGHT + day[:, :, None] * (_DAY - _NIGHT)
    for twelfth in range(1, 12):
        canvas.rectangle(x + twelfth * width / 12, y, 1, height, _GRID)
    for sixth in range(1, 6):
        canvas.rectangle(x, y + sixth * height / 6, width, 1, _GRID)
    sites = simulator.params.sites
    work = sites.interactive_work + sites.deferrable_work
    radius = 1.0 + 3.0 * np.sqrt(work / work.max())
    column, row = _pixels(sites.latitude_rad, sites.longitude_rad)
    for place in zip(column.tolist(), row.tolist(), radius.tolist(), strict=True):
        canvas.disc(*place, _CITY, 0.55)


def _draw_satellites(canvas: Canvas, simulator: Simulator, env: int) -> None:
    seen = simulator.observations[env]
    x, y, z = simulator.positions()[env].T
    column, row = _pixels(np.arcsin(np.clip(z, -1.0, 1.0)), np.arctan2(y, x))
    light, charge = in_units(seen, "illumination"), in_units(seen, "charge_fraction")
    size = 9.0 if simulator.n_sats == 1 else 6.0 if simulator.n_sats < 400 else 2.0
    for sat in range(simulator.n_sats):
        rim = _SUNLIT if light[sat] > 0.5 else _SHADOW
        canvas.disc(column[sat], row[sat], size, rim)
        fill = _charge_colour(float(charge[sat])) if simulator.alive[env, sat] else _GROUND
        canvas.disc(column[sat], row[sat], 0.68 * size, fill)


def _draw_gauges(canvas: Canvas, seen: np.ndarray) -> None:
    left, width = 680, 264
    for place, gauge in enumerate(_GAUGES):
        top = 44 + 46 * place
        low, mean, high, fill = _readings(seen, gauge)
        spread = f"({low:.0f} to {high:.0f})  " if len(seen) > 1 else ""
        told = f"{spread}{mean:.0f} {gauge.unit}"
        canvas.text(left, top, gauge.label, _FAINT)
        canvas.text(left + width - 6 * len(told), top, told, _INK)
        canvas.rectangle(left, top + 12, width, 14, (30, 38, 56))
        colour = _FLOW
        if gauge.feature == "charge_fraction" or gauge.unit == "C":
            colour = _charge_colour(fill if gauge.unit == "%" else 1.0 - fill)
        canvas.rectangle(left, top + 12, width * fill, 14, colour)
        if len(seen) > 1:
            feature = OBSERVATIONS[INDEX[gauge.feature]]
            span = (feature.high - feature.low) * gauge.factor
            start = left + width * (low / span - feature.low * gauge.factor / span)
            canvas.rectangle(start, top + 18, width * (high - low) / span, 2, _INK)


def sun_direction(simulator: Simulator, env: int) -> np.ndarray:
    """Returns the unit vector to the Sun in the frame that turns with the Earth."""
    days = float(simulator.days()[env])
    x, y, z, _ = sun_direction_and_distance(days)
    turned_rad = greenwich_sidereal_angle_rad(days)
    sine, cosine = math.sin(turned_rad), math.cos(turned_rad)
    y, x = rotate(y, x, -sine, cosine)  # the Earth turns east
    return np.array((x, y, z))


def _pixels(latitude_rad: np.ndarray, longitude_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns column and row of places on the map."""
    x, y, width, height = _MAP
    turn = (longitude_rad / (2.0 * np.pi) + 0.5) % 1.0
    return x + turn * (width - 1), y + (0.5 - latitude_rad / np.pi) * (height - 1)


@cache
def _map_directions() -> np.ndarray:
    """Returns the Earth-fixed unit vector of every pixel of the map, (height, width, 3)."""
    _, _, width, height = _MAP
    longitude = (np.arange(width) + 0.5) / width * 2.0 * np.pi - np.pi
    latitude = np.pi / 2.0 - (np.arange(height) + 0.5) / height * np.pi
    flat = np.cos(latitude)[:, None]
    return np.stack(
        (
            flat * np.cos(longitude),
            flat * np.sin(longitude),
            np.broadcast_to(np.sin(latitude)[:, None], (height, width)),
        ),
        axis=-1,
    )


def _charge_colour(share: float) -> Colour:
    place = min(max(share, 0.0), 1.0) * (len(_CHARGE) - 1)
    below = min(int(place), len(_CHARGE) - 2)
    red, green, blue = _CHARGE[below] + (place - below) * (_CHARGE[below + 1] - _CHARGE[below])
    return int(red), int(green), int(blue)
