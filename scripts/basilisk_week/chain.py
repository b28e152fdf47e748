"""The week in Basilisk: its orbit, pointing, eclipse, panel, battery, albedo and thermal node.

Basilisk's own planet files are fetched from the internet and are not in its wheel, so nothing of
them is used: the Sun comes from JPL's DE421 by way of Skyfield, and the Earth's field is written
out here. Its axes are mean equator and equinox of the start.

References: Kenneally, Piggott and Schaub, Basilisk: a flexible, scalable and modular
astrodynamics simulation framework, J. Aerospace Information Systems 17 (2020) 496.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from Basilisk.architecture import messaging
from Basilisk.fswAlgorithms import celestialTwoBodyPoint
from Basilisk.simulation import (
    albedo,
    eclipse,
    gravityEffector,
    sensorThermal,
    simpleBattery,
    simpleNav,
    simplePowerSink,
    simpleSolarPanel,
    spacecraft,
    sphericalHarmonicsGravityModel,
)
from Basilisk.utilities import SimulationBaseClass, macros, orbitalMotion
from scripts.basilisk_week.cases import N_STEPS, START_C, STEP_S, Case, Satellite, Week
from skyfield.api import Loader
from skyfield_data import get_skyfield_data_path

#: Of Basilisk's own step: orbit by RK4, battery and thermal node by explicit Euler. sensorThermal
#: counts whole seconds, so no less.
CHAIN_STEP_S = 1.0
#: Basilisk is given our Earth, so that the models are compared and not the constants.
MU_M3_S2, EARTH_RADIUS_M, J2 = 3.986004418e14, 6378136.3, 1.08262668e-3
AU_M = 149597870700.0
SOLAR_CONSTANT_W_M2, EARTH_ALBEDO = 1361.0, 0.3
#: Grid of the Earth's surface that the reflected light is added up over.
ALBEDO_LATITUDES, ALBEDO_LONGITUDES = 90, 180
#: Two constants inside sensorThermal: sunlight of 1,366 W/m2 at any distance, and the Stefan-
#: Boltzmann constant with two digits swapped. Absorptivity and emissivity are given such that
#: their products with them are right.
SUNLIGHT_IN_BASILISK_W_M2 = 1366.0
EMISSION_IN_BASILISK = 5.76051e-8 / 5.670374419e-8
ZERO_CELSIUS_K = 273.15
NORTH, SOUTH, SUNWARD = [0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]


def sun_positions_m(case: Case) -> np.ndarray:
    """Returns the Sun's apparent place in the middle of every minute of the week in m, (n, 3)."""
    with warnings.catch_warnings():
        # The package warns that its table of the Earth's rotation ends; that is not used here.
        warnings.simplefilter("ignore", RuntimeWarning)
        load = Loader(get_skyfield_data_path(), verbose=False)
    scale = load.timescale(builtin=True)
    day = case.start
    middles = scale.utc(day.year, day.month, day.day, 0, 0, STEP_S * (np.arange(N_STEPS) + 0.5))
    planets = load("de421.bsp")
    place = planets["earth"].at(middles).observe(planets["sun"]).apparent()
    axes = scale.utc(day.year, day.month, day.day).P
    return (axes @ place.position.m).T


@dataclass
class Chain:
    """A Basilisk simulation, the messages that the loop writes, and the recorders it reads."""

    simulation: Any
    sun: Any
    sun_ephemeris: Any
    nodes: list[Any]
    reflected: list[Any]
    light: Any
    panel: Any
    state: Any
    batteries: list[Any]
    temperatures: list[Any]


def build_chain(case: Case, craft: Satellite, sun_m: np.ndarray) -> Chain:
    """Returns the simulation of one satellite with a battery and a node for each load."""
    simulation = SimulationBaseClass.SimBaseClass()
    process = simulation.CreateNewProcess("satellite")
    for task, step_s in (("fast", CHAIN_STEP_S), ("slow", STEP_S)):
        process.addTask(simulation.CreateNewTask(task, macros.sec2nano(step_s)))
    sun, sun_ephemeris = messaging.SpicePlanetStateMsg(), messaging.EphemerisMsg()
    write_sun(sun, sun_ephemeris, sun_m[0], 0.0)
    earth = messaging.SpicePlanetStateMsg().write(planet("earth", np.zeros(3)))
    body = orbiting(case, earth)
    pointing = sun_pointing(body, sun_ephemeris)
    shadow = eclipse.Eclipse()
    shadow.sunInMsg.subscribeTo(sun)
    shadow.addSpacecraftToModel(body.scStateOutMsg)
    shadow.addPlanetToModel(earth)
    surroundings = (body.scStateOutMsg, sun, shadow.eclipseOutMsgs[0])
    panel = simpleSolarPanel.SimpleSolarPanel()
    panel.setPanelParameters(SUNWARD, craft.panel_area_m2, craft.panel_efficiency)
    lit(panel, surroundings)
    sinks = [power_sink(craft.base_w + watts) for watts in craft.compute_w]
    batteries = [battery(craft, panel, sink) for sink in sinks]
    distance_au = float(np.linalg.norm(sun_m, axis=1).mean()) / AU_M
    nodes = [thermal_node(craft, distance_au) for _ in craft.compute_w]
    for node in nodes:
        lit(node, surroundings)
    reflection = reflected_light(body, earth, sun)
    chain = Chain(
        simulation,
        sun,
        sun_ephemeris,
        nodes,
        list(reflection.albOutMsgs),
        shadow.eclipseOutMsgs[0].recorder(),
        panel.nodePowerOutMsg.recorder(),
        body.scStateOutMsg.recorder(macros.sec2nano(STEP_S)),
        [pack.batPowerOutMsg.recorder(macros.sec2nano(STEP_S)) for pack in batteries],
        [node.temperatureOutMsg.recorder(macros.sec2nano(STEP_S)) for node in nodes],
    )
    recorders = (chain.light, chain.panel, chain.state, *chain.batteries, *chain.temperatures)
    modules = (body, *pointing, shadow, panel, *sinks, *batteries, *nodes)
    for module in (*modules, *recorders):
        simulation.AddModelToTask("fast", module)
    simulation.AddModelToTask("slow", reflection)
    # Basilisk keeps no reference of its own to what Python made.
    simulation.kept = (*modules, reflection, earth)
    return chain


def planet(name: str, position_m: np.ndarray) -> Any:
    """Returns the state of a body that does not turn."""
    payload = messaging.SpicePlanetStateMsgPayload()
    payload.PlanetName = name
    payload.PositionVector = position_m.tolist()
    payload.J20002Pfix = np.eye(3).tolist()
    return payload


def write_sun(sun: Any, ephemeris: Any, position_m: np.ndarray, time_s: float) -> None:
    """Writes where the Sun stands, for the environment and for the pointing."""
    nanoseconds = macros.sec2nano(time_s)
    sun.write(planet("sun", position_m), nanoseconds)
    payload = messaging.EphemerisMsgPayload()
    payload.r_BdyZero_N = position_m.tolist()
    ephemeris.write(payload, nanoseconds)


def orbiting(case: Case, earth: Any) -> Any:
    """Returns a spacecraft in the field of a flattened Earth, on the orbit of a case."""
    field = sphericalHarmonicsGravityModel.SphericalHarmonicsGravityModel()
    field.maxDeg, field.radEquator, field.muBody = 2, EARTH_RADIUS_M, MU_M3_S2
    field.cBar = [[1.0], [0.0, 0.0], [-J2 / math.sqrt(5.0), 0.0, 0.0]]
    field.sBar = [[0.0], [0.0, 0.0], [0.0, 0.0, 0.0]]
    body = gravityEffector.GravBodyData()
    body.planetName, body.mu, body.radEquator = "earth_planet_data", MU_M3_S2, EARTH_RADIUS_M
    body.isCentralBody, body.gravityModel = True, field
    body.planetBodyInMsg.subscribeTo(earth)
    craft = spacecraft.Spacecraft()
    craft.gravField.gravBodies = gravityEffector.GravBodyVector([body])
    craft.hub.r_CN_NInit, craft.hub.v_CN_NInit = start_state(case)
    return craft


def start_state(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Returns (position in m, velocity in m/s) whose mean orbit is the circle of a case."""
    mean, osculating = orbitalMotion.ClassicElements(), orbitalMotion.ClassicElements()
    mean.a, mean.e, mean.i = case.radius_m, 1e-9, case.inclination_rad
    mean.Omega, mean.omega, mean.f = case.node_rad, 0.0, case.argument_rad
    orbitalMotion.clMeanOscMap(EARTH_RADIUS_M, J2, mean, osculating, 1)
    return orbitalMotion.elem2rv(MU_M3_S2, osculating)


def sun_pointing(body: Any, sun_ephemeris: Any) -> tuple[Any, Any]:
    """Returns navigation and guidance: the first axis at the Sun, the third edge-on to the Earth.

    The attitude is the reference itself: no controller, no error.
    """
    navigation = simpleNav.SimpleNav()
    navigation.scStateInMsg.subscribeTo(body.scStateOutMsg)
    guidance = celestialTwoBodyPoint.celestialTwoBodyPoint()
    guidance.singularityThresh = math.radians(0.01)
    guidance.transNavInMsg.subscribeTo(navigation.transOutMsg)
    guidance.celBodyInMsg.subscribeTo(sun_ephemeris)
    earth = messaging.EphemerisMsg().write(messaging.EphemerisMsgPayload())
    guidance.secCelBodyInMsg.subscribeTo(earth)
    body.attRefInMsg.subscribeTo(guidance.attRefOutMsg)
    return navigation, guidance


def lit(module: Any, surroundings: tuple[Any, Any, Any]) -> None:
    """Connects a module to attitude, Sun and shadow."""
    state, sun, shadow = surroundings
    module.stateInMsg.subscribeTo(state)
    module.sunInMsg.subscribeTo(sun)
    module.sunEclipseInMsg.subscribeTo(shadow)


def power_sink(watts: float) -> Any:
    """Returns a steady consumer."""
    sink = simplePowerSink.SimplePowerSink()
    sink.nodePowerOut = -watts
    return sink


def battery(craft: Satellite, panel: Any, sink: Any) -> Any:
    """Returns the battery between panel and consumer."""
    pack = simpleBattery.SimpleBattery()
    pack.storageCapacity, pack.storedCharge_Init = craft.capacity_j, craft.start_j
    pack.addPowerNodeToModel(panel.nodePowerOutMsg)
    pack.addPowerNodeToModel(sink.nodePowerOutMsg)
    return pack


def thermal_node(craft: Satellite, distance_au: float) -> Any:
    """Returns a plate that absorbs the Sun on one face and radiates from two."""
    sunlight_w_m2 = SOLAR_CONSTANT_W_M2 / distance_au**2
    node = sensorThermal.SensorThermal()
    node.nHat_B, node.T_0 = SUNWARD, START_C
    node.sensorArea = 2.0 * craft.face_m2
    node.sensorAbsorptivity = 0.5 * craft.absorptivity * sunlight_w_m2 / SUNLIGHT_IN_BASILISK_W_M2
    node.sensorEmissivity = craft.emissivity / EMISSION_IN_BASILISK
    node.sensorMass, node.sensorSpecificHeat = 1.0, craft.heat_capacity_j_k
    return node


def reflected_light(body: Any, earth: Any, sun: Any) -> Any:
    """Returns the albedo module, with both faces of a plate edge-on to Sun and Earth."""
    module = albedo.Albedo()
    module.spacecraftStateInMsg.subscribeTo(body.scStateOutMsg)
    module.sunPositionInMsg.subscribeTo(sun)
    module.addPlanetandAlbedoAverageModel(earth, EARTH_ALBEDO, ALBEDO_LATITUDES, ALBEDO_LONGITUDES)
    for normal in (NORTH, SOUTH):
        face = albedo.instConfig_t()
        face.fov, face.nHat_B, face.r_IB_B = 0.5 * math.pi, normal, [0.0, 0.0, 0.0]
        module.addInstrumentConfig(face)
    return module


def fly(case: Case, craft: Satellite) -> tuple[Week, np.ndarray]:
    """Returns (the week in Basilisk, position in m at the end of each minute (N_STEPS + 1, 3))."""
    sun_m = sun_positions_m(case)
    chain = build_chain(case, craft, sun_m)
    chain.simulation.InitializeSimulation()
    advance(chain, 0.0)
    for step in range(N_STEPS):
        write_sun(chain.sun, chain.sun_ephemeris, sun_m[step], STEP_S * step)
        heat_nodes(chain, craft, float(np.linalg.norm(sun_m[step])) / AU_M)
        advance(chain, STEP_S * (step + 1))
    return recorded(chain), np.asarray(chain.state.r_BN_N)


def advance(chain: Chain, time_s: float) -> None:
    """Runs the simulation up to a time, that time included."""
    chain.simulation.ConfigureStopTime(macros.sec2nano(time_s))
    chain.simulation.ExecuteSimulation()


def heat_nodes(chain: Chain, craft: Satellite, distance_au: float) -> None:
    """Sets the heat of the coming minute: accelerators, infrared, light from the Earth."""
    shares = sum(message.read().albedoAtInstrument for message in chain.reflected)
    flux_w_m2 = SOLAR_CONSTANT_W_M2 / distance_au**2 * shares
    reflected_w = craft.absorptivity * craft.face_m2 * flux_w_m2
    for node, compute_w in zip(chain.nodes, craft.compute_w, strict=True):
        node.sensorPowerDraw = compute_w + craft.constant_w + reflected_w


def recorded(chain: Chain) -> Week:
    """Returns what the recorders hold; a sample stands for the second that it ends."""
    light = np.asarray(chain.light.illuminationFactor)
    panel_w = np.asarray(chain.panel.netPower)
    per_minute = round(STEP_S / CHAIN_STEP_S)
    crossings = list(half_light(light))
    return Week(
        light=light[1:].reshape(N_STEPS, per_minute).mean(axis=1),
        array_j=panel_w[1:].reshape(N_STEPS, per_minute).sum(axis=1) * CHAIN_STEP_S,
        stored_j=np.stack([log.storageLevel for log in chain.batteries], axis=1),
        node_k=np.stack([log.temperature for log in chain.temperatures], axis=1) + ZERO_CELSIUS_K,
        entry_s=np.array([time_s for time_s, rises in crossings if not rises]),
        exit_s=np.array([time_s for time_s, rises in crossings if rises]),
    )


def half_light(light: np.ndarray) -> Iterator[tuple[float, bool]]:
    """Yields (time in s, whether light grows) where half of the disc shows, between two samples."""
    above = light - 0.5
    for index in np.flatnonzero((above[:-1] < 0.0) != (above[1:] < 0.0)):
        share = above[index] / (above[index] - above[index + 1])
        yield CHAIN_STEP_S * (index + share), bool(above[index] < 0.0)
