"""A look at a company: a panel of text."""

from __future__ import annotations

from sunward.buildout.simulator import BuildoutSimulator


def text(simulator: BuildoutSimulator, env: int) -> str:
    """Returns world `env` as lines of text."""
    params, company = simulator.params, simulator.company
    month = int(company.month[env])
    year, in_year = divmod(month, 12)
    metrics = {name: float(values[env]) for name, values in simulator.metrics().items()}
    place = min(month, params.months)
    outlook = simulator.outlook
    state = "grounded" if outlook.is_grounded[place, env] else "flying"
    lines = [
        f"{params.scenario.id}  month {month} of {params.months} (year {year + 1}, "
        f"month {in_year + 1})  value {metrics['value']:+.2f} BUSD",
        f"cash {metrics['cash']:.2f} BUSD  debt {metrics['debt']:.2f}  "
        f"sold last month {company.earned_usd[env] / 1e6:,.0f} MUSD",
        f"launcher {state}: {outlook.flights_per_month[place, env]:.1f} flights a month of "
        f"{outlook.payload_kg[place, env] / 1e3:.0f} t at "
        f"{outlook.launch_usd_per_kg[place, env]:,.0f} USD/kg",
    ]
    for number, design in enumerate(params.designs):
        lines.append(
            f"{design:<14}in store {company.store[env, number]:8,.0f}  on order "
            f"{company.on_order[env, :, number].sum():8,.0f}"
        )
    for number, shell in enumerate(params.shells):
        counts = company.sats[env, number].sum(axis=-1)
        told = "  ".join(
            f"{n:8,.0f} {name}" for n, name in zip(counts, params.designs, strict=True)
        )
        lines.append(f"{shell:<14}{told}")
    return "\n".join(lines)
