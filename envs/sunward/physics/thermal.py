"""Heat: chip, coolant loop and radiator, the sink they see, leakage, throttling and trip."""

from typing import NamedTuple

from sunward.physics.approximation import clamp, exponential_minus_one, maximum, square_root
from sunward.physics.constants import STEFAN_BOLTZMANN_W_M2_K4
from sunward.physics.scalar import scalar

#: exp(2.5): leakage stops growing at twelve times its reference value (run-away guard).
LEAKAGE_EXPONENT_LIMIT = 2.5


class ThermalStep(NamedTuple):
    """Temperatures after a step, and the heat that left the radiator meanwhile."""

    chip_k: float
    loop_k: float
    radiator_k: float
    #: Net heat radiated (emission minus what the sink sent back) in J.
    radiated_j: float


class NodeStep(NamedTuple):
    """Temperature of a single node after a step, and the heat it radiated meanwhile."""

    node_k: float
    radiated_j: float


@scalar
def radiated_power_w(
    temperature_k: float, sink_temperature: float, area_m2: float, emissivity: float
) -> float:
    """Returns the net power radiated by a grey surface in W, positive outward.

    Args:
        temperature_k, sink_temperature: Of the surface and of what it sees in K.
        area_m2: Emitting area in m2 (both faces of a two-sided panel).
        emissivity: 0 to 1.
    """
    hot = temperature_k * temperature_k
    cold = sink_temperature * sink_temperature
    return STEFAN_BOLTZMANN_W_M2_K4 * emissivity * area_m2 * (hot * hot - cold * cold)


@scalar
def equilibrium_temperature_k(
    heat_w: float, sink_temperature: float, area_m2: float, emissivity: float
) -> float:
    """Returns the temperature in K at which a surface radiates the heat it is given."""
    cold = sink_temperature * sink_temperature
    fourth_power = heat_w / (STEFAN_BOLTZMANN_W_M2_K4 * emissivity * area_m2) + cold * cold
    return square_root(square_root(fourth_power))


@scalar
def sink_temperature_k(absorbed_w_m2: float, emissivity: float) -> float:
    """Returns the temperature in K of a black sky that would send what the surface absorbs.

    Args:
        absorbed_w_m2: Absorbed from Earth and Sun, mean over the emitting area in W/m2, at least 0.
        emissivity: Of the surface, above 0.
    """
    return square_root(square_root(absorbed_w_m2 / (STEFAN_BOLTZMANN_W_M2_K4 * emissivity)))


@scalar
def absorbed_flux_w_m2(
    emissivity: float,
    absorptance: float,
    view_factor: float,
    earth_infrared_w_m2: float,
    albedo_factor: float,
    earth_albedo: float,
    cos_incidence: float,
    sunlight_w_m2: float,
) -> float:
    """Returns the power one face absorbs from Earth and Sun in W/m2.

    Args:
        emissivity, absorptance: Infrared emissivity and solar absorptance of the face, 0 to 1.
        view_factor: Of the Earth from the face (`sunward.physics.view`).
        earth_infrared_w_m2: Emitted by the Earth's surface (237 +- 21).
        albedo_factor: Of the sunlit Earth from the face (`sunward.physics.view`).
        earth_albedo: Reflected share of sunlight (0.3).
        cos_incidence: Cosine between the face's normal and the Sun times the illumination.
        sunlight_w_m2: Solar irradiance at the Earth's distance in W/m2.

    References: Gilmore, Spacecraft Thermal Control Handbook (2002), ch. 2.
    """
    infrared = emissivity * view_factor * earth_infrared_w_m2
    reflected = earth_albedo * albedo_factor + maximum(cos_incidence, 0.0)
    return infrared + absorptance * sunlight_w_m2 * reflected


@scalar
def one_node_step(
    node_k: float,
    heat_w: float,
    emitting_area_m2: float,
    emissivity: float,
    sink_temperature: float,
    capacity_j_k: float,
    duration_s: float,
) -> NodeStep:
    """Returns the `NodeStep` of a radiating body by one classical Runge-Kutta step.

    Args:
        node_k: Temperature at the start in K.
        heat_w: Heat put in, absorbed light included, in W.
        emitting_area_m2, emissivity, sink_temperature: As in `radiated_power_w`.
        capacity_j_k: Heat capacity in J/K.
        duration_s: Length of the step in s, well below the time constant C / (4 eps sigma A T^3).
    """
    half = 0.5 * duration_s / capacity_j_k
    whole = duration_s / capacity_j_k
    p1 = radiated_power_w(node_k, sink_temperature, emitting_area_m2, emissivity)
    t2 = node_k + half * (heat_w - p1)
    p2 = radiated_power_w(t2, sink_temperature, emitting_area_m2, emissivity)
    t3 = node_k + half * (heat_w - p2)
    p3 = radiated_power_w(t3, sink_temperature, emitting_area_m2, emissivity)
    t4 = node_k + whole * (heat_w - p3)
    p4 = radiated_power_w(t4, sink_temperature, emitting_area_m2, emissivity)
    radiated = (p1 + 2.0 * (p2 + p3) + p4) / 6.0
    return NodeStep(node_k + whole * (heat_w - radiated), radiated * duration_s)


class Nodes(NamedTuple):
    """Temperatures in K."""

    chip_k: float
    loop_k: float
    radiator_k: float


class Flows(NamedTuple):
    """Heat in W: from chips to coolant, from coolant to radiator, and from there to space, net."""

    up_w: float
    out_w: float
    off_w: float


class Network(NamedTuple):
    """What heat flows through in a step."""

    heat_w: float
    chip_conductance_w_k: float
    flow_conductance_w_k: float
    emitting_area_m2: float
    emissivity: float
    sink_temperature_k: float
    chip_rate_k_j: float  # one over the heat capacity
    loop_rate_k_j: float
    radiator_rate_k_j: float
    absorbed_w: float


@scalar
def flows_in(nodes: Nodes, network: Network) -> Flows:
    """Returns the heat that flows at some temperatures."""
    return Flows(
        network.chip_conductance_w_k * (nodes.chip_k - nodes.loop_k),
        network.flow_conductance_w_k * (nodes.loop_k - nodes.radiator_k),
        radiated_power_w(
            nodes.radiator_k,
            network.sink_temperature_k,
            network.emitting_area_m2,
            network.emissivity,
        ),
    )


@scalar
def nodes_after(start: Nodes, flows: Flows, network: Network, duration_s: float) -> Nodes:
    """Returns the temperatures that lead from `start` if flows are held for a while."""
    return Nodes(
        start.chip_k + duration_s * network.chip_rate_k_j * (network.heat_w - flows.up_w),
        start.loop_k + duration_s * network.loop_rate_k_j * (flows.up_w - flows.out_w),
        start.radiator_k
        + duration_s * network.radiator_rate_k_j * (flows.out_w + network.absorbed_w - flows.off_w),
    )


@scalar
def runge_kutta_sum(
    first: float, second: float, third: float, fourth: float, duration_s: float
) -> float:
    """Returns the integral of a rate over a step from its four stages."""
    return duration_s / 6.0 * (first + 2.0 * (second + third) + fourth)


@scalar
def three_node_step(
    chip_k: float,
    loop_k: float,
    radiator_k: float,
    heat_w: float,
    chip_conductance_w_k: float,
    flow_conductance_w_k: float,
    emitting_area_m2: float,
    emissivity: float,
    sink_temperature: float,
    chip_capacity_j_k: float,
    loop_capacity_j_k: float,
    radiator_capacity_j_k: float,
    absorbed_w: float,
    duration_s: float,
) -> ThermalStep:
    """Returns the `ThermalStep` of chip, loop and radiator by one classical Runge-Kutta step.

    The radiated heat is integrated with the same weights, so that heat in = heat stored + heat
    radiated holds to rounding. The network is stiff: 10 s is right, 60 s diverges.

    Args:
        chip_k, loop_k, radiator_k: Temperatures at the start in K.
        heat_w: Heat made in the chips in W, held over the step.
        chip_conductance_w_k: From chips to coolant in W/K.
        flow_conductance_w_k: From coolant to radiator in W/K: mass flow x heat capacity x
            effectiveness.
        emitting_area_m2, emissivity, sink_temperature: As in `radiated_power_w`.
        chip_capacity_j_k, loop_capacity_j_k, radiator_capacity_j_k: Heat capacities in J/K.
        absorbed_w: Heat put into the radiator from outside in W, beyond what the sink holds.
        duration_s: Length of the step in s.
    """
    network = Network(
        heat_w,
        chip_conductance_w_k,
        flow_conductance_w_k,
        emitting_area_m2,
        emissivity,
        sink_temperature,
        1.0 / chip_capacity_j_k,
        1.0 / loop_capacity_j_k,
        1.0 / radiator_capacity_j_k,
        absorbed_w,
    )
    return runge_kutta_step(Nodes(chip_k, loop_k, radiator_k), network, duration_s)


@scalar
def runge_kutta_step(start: Nodes, network: Network, duration_s: float) -> ThermalStep:
    """Returns the `ThermalStep` of a network by one classical Runge-Kutta step."""
    half_s = 0.5 * duration_s
    first = flows_in(start, network)
    second = flows_in(nodes_after(start, first, network, half_s), network)
    third = flows_in(nodes_after(start, second, network, half_s), network)
    fourth = flows_in(nodes_after(start, third, network, duration_s), network)
    up_j = runge_kutta_sum(first.up_w, second.up_w, third.up_w, fourth.up_w, duration_s)
    out_j = runge_kutta_sum(first.out_w, second.out_w, third.out_w, fourth.out_w, duration_s)
    off_j = runge_kutta_sum(first.off_w, second.off_w, third.off_w, fourth.off_w, duration_s)
    return ThermalStep(
        chip_k=start.chip_k + network.chip_rate_k_j * (network.heat_w * duration_s - up_j),
        loop_k=start.loop_k + network.loop_rate_k_j * (up_j - out_j),
        radiator_k=start.radiator_k
        + network.radiator_rate_k_j * (out_j + network.absorbed_w * duration_s - off_j),
        radiated_j=off_j,
    )


@scalar
def passed_on_j(early_j_s: float, chip_conductance_w_k: float, chip_capacity_j_k: float) -> float:
    """Returns the heat in J that chips have passed to the loop because their heat came early.

    `three_node_step` spreads the heat of a step evenly. What comes sooner has more time to flow on:
    to first order the conductance over the capacity, times the moment of the heat about the middle.

    Args:
        early_j_s: That moment in J s, above 0 where the heat came early.
        chip_conductance_w_k, chip_capacity_j_k: As in `three_node_step`.
    """
    return early_j_s * chip_conductance_w_k / chip_capacity_j_k


@scalar
def leakage_factor(
    chip_k: float, leak_fraction: float, reference_k: float, scale_k: float
) -> float:
    """Returns chip power over its value at the reference temperature.

    (1 - f) + f exp((T - T_ref) / s): leakage grows with temperature, temperature with leakage.
    The exponent stops at -2.5, where leakage no longer counts, and at 2.5, so that a run-away
    ends hot and finite: the trip must catch it.

    Args:
        chip_k: Temperature of the chip in K.
        leak_fraction: Share of power that is leakage at the reference temperature, 0 to 0.2.
        reference_k: That temperature in K.
        scale_k: Warming that multiplies leakage by e in K (40).

    References: Y. Liu et al., Accurate temperature-dependent integrated circuit leakage power
    estimation is easy, DATE 2007.
    """
    exponent = (chip_k - reference_k) * (1.0 / scale_k)
    held = clamp(exponent, -LEAKAGE_EXPONENT_LIMIT, LEAKAGE_EXPONENT_LIMIT)
    return 1.0 + leak_fraction * exponential_minus_one(held + 0.0 * chip_k)


@scalar
def chip_at_half_step_k(
    chip_k: float,
    loop_k: float,
    heat_w: float,
    chip_conductance_w_k: float,
    chip_capacity_j_k: float,
    duration_s: float,
) -> float:
    """Returns the chip's temperature expected halfway through a step in K, by half an Euler step.

    Leakage taken there, and held over the step, keeps the network second order in its own heat:
    0.001 K instead of 0.020 K from a stiff integrator at 10 s and 8 % leakage.

    Args:
        chip_k, loop_k: Temperatures at the start in K.
        heat_w: Heat of the chips in W; that of the step before will do.
        chip_conductance_w_k, chip_capacity_j_k, duration_s: As in `three_node_step`.
    """
    gained_w = heat_w - chip_conductance_w_k * (chip_k - loop_k)
    return chip_k + gained_w * (0.5 * duration_s / chip_capacity_j_k)


@scalar
def throttle_factor(chip_k: float, start_k: float, end_k: float) -> float:
    """Returns the share of the clock a chip grants itself: 1 below start_k, linear to 0 at end_k.

    Args:
        chip_k: Temperature of the chip in K.
        start_k, end_k: Where the clock begins to fall and where it ends, start below end
            (356.15 and 363.15 K: 83 and 90 C).
    """
    return clamp((end_k - chip_k) * (1.0 / (end_k - start_k)), 0.0, 1.0)


@scalar
def trip_state(is_tripped: float, chip_k: float, trip_k: float, recover_k: float) -> float:
    """Returns 1.0 while the chips are off by heat, else 0.0, with hysteresis.

    Args:
        is_tripped: 1.0 or 0.0 before.
        chip_k: Temperature of the chip in K.
        trip_k, recover_k: Off above the first, on again below the second (365.15 K: 92 C).
    """
    kept = 0.0 if chip_k < recover_k else is_tripped
    return 1.0 if chip_k > trip_k else kept


@scalar
def pump_power_w(flow_fraction: float, rated_w: float) -> float:
    """Returns the pump's electrical power in W: the cube of flow (turbulent loop, affinity law).

    Args:
        flow_fraction: Flow over rated flow, 0 to 1.
        rated_w: Power at rated flow in W (1.5 % of the heat carried).
    """
    return rated_w * flow_fraction * flow_fraction * flow_fraction
