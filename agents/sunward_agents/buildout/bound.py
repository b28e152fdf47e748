"""What no policy of a company can exceed in a world, even one that knows all that is to come.

The company is a linear program (`company_plan`) with the world as it is drawn. Each of these only
adds courses, or raises what they are worth:

1. **Courses.** Satellites are counted in parts, as in the simulator. Any may be launched into any
   shell, ordered and left in store, month by month, within the lift that flies and the most that
   the levers order.
2. **Work.** What is launched in a month was ordered at least the lead time before, and performance
   only grows: it does at most the work of what was ordered just then. Deaths, failed launches,
   ageing and seasons are those of the simulator (`cohorts`).
3. **Retirement.** Every cohort may be taken down at an age of its own, even before the youngest
   that the lever allows; the lever has one age for all. The program knows few ages; what any other
   would add to a launch is read from the duals, and the bound raised by it times the most that can
   be launched (`_missed`).
4. **Sales.** Revenue is concave: tangents lie above it (`market`), and months are taken together
   by Jensen's inequality (`CompanyPlan._sell`). Work may be left unsold.
5. **Buses that get cheaper.** With M made so far an order costs at least the price at M, so the
   orders up to a month cost at least the integral F of the price up to the M of its end. As
   discounts fall, the present value of all orders is at least a sum of F with weights of at least 0
   (summed by parts, Abel). F is concave: the chord from 0 to the most that can have been made by
   then lies below it. What is left at the end is worth at most its price with nothing made.
6. **Most that is made.** Raise the worth of every order by w: no course exceeds the bound B of that
   program, so one that is worth more than some b has made at most (B - b) / w (`_most_above`). So
   every course is worth at most b, or at most the bound with no more than that made: the greater
   of the two is a bound, whatever b is. b is a guess at the bound.
7. **Money.** Neither cash nor debt is limited, and interest above the discount rate, a cost, is not
   paid. A company that goes broke is a course too: all its satellites are taken down at once (3),
   it does nothing more, and the residual, which it forgoes, is no cost.

The bound is computed from the solver's duals (`Program.dual_bound`): any duals prove it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sunward.buildout import model
from sunward.buildout.levers import MOST_ORDERED
from sunward.buildout.params import Params
from sunward.buildout.simulator import BuildoutSimulator
from sunward_agents.buildout.cohorts import Group
from sunward_agents.buildout.company_plan import (
    MONEY,
    THOUSAND,
    Blocks,
    CompanyPlan,
    Prices,
    empty_start,
)
from sunward_agents.buildout.future import Future, foreseen
from sunward_agents.planners.linear import DUAL_SIMPLEX, Program, column

#: Called with the share of the worlds that is done.
Progress = Callable[[float], None]

#: Ages of retirement that the program knows; the last is the last age.
KEPT_MONTHS = (36, 48, 66)
#: Months that are sold together.
SALE_MONTHS = 3
#: Programs that guess the bound, and that lower the most that is made.
GUESSES, ROUNDS = 2, 2
#: Over what the first program makes, what the next guess may make, in satellites as well.
ROOM, ROOM_SATS = 1.25, 500.0
#: Of what is lost where an order is only left over, what its worth is raised by in step 6: below 1,
#: so that the program does not order for its own sake, and lower as it takes too low a price.
RAISE = 0.5


def bounds(
    params: Params,
    seeds: Sequence[int],
    split: str = "test",
    progress: Progress | None = None,
) -> np.ndarray:
    """Returns the greatest value of each world in BUSD, (n,), episode 0 of each seed.

    Raises: SolverError where a program is not solved.
    """
    simulator = BuildoutSimulator(params, len(seeds))
    simulator.reset([(seed, 0) for seed in seeds], split=split)
    found = np.zeros(len(seeds))
    for world in range(len(seeds)):
        found[world] = world_bound(params, foreseen(params, simulator.outlook, world))
        if progress is not None:
            progress((world + 1) / len(seeds))
    return found


def world_bound(params: Params, future: Future) -> float:
    """Returns the greatest value of one world from its start, BUSD."""
    most = _most_by_levers(params, future)
    target = _guess(params, future, most)
    for _ in range(ROUNDS):
        made = [
            _most_above(params, future, most, design, target) for design in range(params.n_designs)
        ]
        most = np.minimum(most, made)
    return max(target, _proven(params, future, most))


def _guess(params: Params, future: Future, most: np.ndarray) -> float:
    """Returns about what the bound will be; nothing rests on it."""
    value = 0.0
    for _ in range(GUESSES):
        plan = relaxation(params, future, most, decide_months=SALE_MONTHS)
        program = plan.program()
        solution = program.solve(DUAL_SIMPLEX)
        value = solution.value
        made = THOUSAND * solution.columns[program["ordered"]].sum(axis=0)
        most = np.minimum(most, ROOM * made + ROOM_SATS)
    return value


def _most_above(
    params: Params, future: Future, most: np.ndarray, design: int, target: float
) -> float:
    """Returns the most of `design` that a course makes which is worth more than `target`."""
    plan = relaxation(params, future, most)
    program = plan.program()
    lost = 1.0 - params.scenario.finance.residual_fraction
    price_usd = params.accelerators_usd[design] + params.bus_usd[design]
    worth = RAISE * lost * plan.discount[-1] * price_usd * MONEY
    program.add_value(column(program["ordered"][:, design]), worth)
    return THOUSAND * max(_bound_of(plan, program, most) - target, 0.0) / worth


def _proven(params: Params, future: Future, most: np.ndarray) -> float:
    """Returns the bound of the courses that make at most `most` (H, D) up to each month, BUSD."""
    plan = relaxation(params, future, most)
    return _bound_of(plan, plan.program(), most)


def _bound_of(plan: CompanyPlan, program: Program, most: np.ndarray) -> float:
    """Returns what the duals of a program prove, other ages of retirement included, BUSD."""
    solution = program.solve(DUAL_SIMPLEX)
    extra = _missed(plan, program, solution.duals)
    most_launched = plan.most_launched()[:, -plan.params.n_pairs :]
    total = solution.bound
    for design in range(plan.params.n_designs):
        one = slice(design, None, plan.params.n_designs)
        total += _most_gained(extra[:, one], most_launched[:, one], most[-1, design] / THOUSAND)
    return total


def _most_gained(gain: np.ndarray, most_each: np.ndarray, most: float) -> float:
    """Returns the most of a sum of gain x number; each at most `most_each`, all at most `most`."""
    best_first = np.argsort(-gain, axis=None)
    gain, most_each = gain.reshape(-1)[best_first], most_each.reshape(-1)[best_first]
    left = np.maximum(most - (np.cumsum(most_each) - most_each), 0.0)
    return float(np.maximum(gain, 0.0) @ np.minimum(most_each, left))


def _most_by_levers(params: Params, future: Future) -> np.ndarray:
    """Returns the most satellites that can have been ordered by the end of each month, (H, D)."""
    lift_kg = MOST_ORDERED * np.cumsum(future.expected_lift_kg)
    return lift_kg[:, None] / params.launch_mass_kg.mean(axis=0)


def relaxation(
    params: Params, future: Future, most: np.ndarray, decide_months: int = 1
) -> CompanyPlan:
    """Returns the plan of the bound where at most `most` (H, D) are made up to each month.

    With `decide_months` above 1 it is smaller, and proves nothing.
    """
    n = future.n_months
    ordered = future.performance[np.maximum(np.arange(n) - params.lead_months, 0)]
    performance = np.repeat(ordered[:, None], params.n_designs, axis=1)
    kept_months = (*KEPT_MONTHS, params.n_ages - 1)
    return CompanyPlan(
        params,
        future,
        empty_start(params, n),
        least_prices(params, future, most),
        tuple(Group(kept, performance) for kept in kept_months),
        Blocks.of(n, decide_months),
        sales=Blocks.of(n, SALE_MONTHS),
    )


def least_prices(params: Params, future: Future, most: np.ndarray) -> Prices:
    """Returns prices that are at most what orders cost, where at most `most` (H, D) are made."""
    finance = params.scenario.finance
    discount = model.discount(finance.discount_rate_per_month, future.months.astype(float))
    falls = discount - np.append(discount[1:], 0.0)
    chord = falls[:, None] * (params.accelerators_usd + _mean_bus_usd(params, most))
    return Prices(
        order_value_usd=np.cumsum(chord[::-1], axis=0)[::-1],
        residual_usd=params.accelerators_usd + params.bus_usd,
    )


def _mean_bus_usd(params: Params, made: np.ndarray) -> np.ndarray:
    """Returns the mean price of the first `made` buses, if each were paid by itself.

    The integral of b (1 + M / past)^e from 0 to `made`, over `made`.
    """
    fleet = params.scenario.fleet
    exponent = 1.0 + np.log2(1.0 - fleet.bus_learning_fraction)
    share = np.maximum(made / fleet.past_satellites, 1e-9)
    return params.bus_usd * np.expm1(exponent * np.log1p(share)) / (exponent * share)


def _missed(plan: CompanyPlan, program: Program, duals: np.ndarray) -> np.ndarray:
    """Returns what ages of retirement that the program lacks add to a thousand launches, (H, P).

    `duals` price a launch of every month and pair, kept to any age; what they leave to the
    program's own columns is in the bound already.
    """
    n, n_pairs = plan.future.n_months, plan.params.n_pairs
    left = (program.values() - program.matrix().T @ duals)[program["launched"]]
    in_program = np.maximum(left.reshape(n, -1, n_pairs).max(axis=1), 0.0)
    later = _worth_later(plan, duals[program.shared["supply"]])
    is_up = np.arange(n)[None, :] >= np.arange(n)[:, None]
    given_up = np.where(is_up[:, None, :], later, np.inf).min(axis=-1)
    return left[:, -n_pairs:] - given_up - in_program


def _worth_later(plan: CompanyPlan, price: np.ndarray) -> np.ndarray:
    """Returns what a thousand satellites that are never taken down are worth from each month on.

    Args:
        price: of a share of each market's demand, BUSD, (sales, N_MARKETS).

    Returns: (H, P, H) by month of launch, pair, and month.
    """
    whole = slice(-plan.params.n_pairs, None)
    gpu_h, paid_usd, worth = (part[:, whole] for part in plan.cohorts)
    by_month = plan.price_of_supply(price)
    gains = THOUSAND * np.einsum("tpum,um->tpu", gpu_h, by_month) - MONEY * paid_usd * plan.discount
    gains[..., -1] += MONEY * plan.residual_usd[plan.design[whole]] * worth
    return np.cumsum(gains[..., ::-1], axis=-1)[..., ::-1]
