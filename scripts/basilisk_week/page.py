"""The tables of `docs/basilisk.md`, written between its markers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.basilisk_week.cases import Case, Week
from scripts.basilisk_week.differences import Difference, array_gain, daily_light, differences
from scripts.basilisk_week.shipped import Effect, effects

from sunward.core.params import Params
from sunward_agents.atomic import write_text


@dataclass(frozen=True)
class Comparison:
    """Both programs' weeks of one orbit."""

    case: Case
    params: Params
    theirs: Week
    singles: Week  # ours in float32, as it is played
    doubles: Week  # in float64
    from_axis: Week  # moments of half light as they would be seen from the semi-major axis
    limb_radius_m: float  # that ours sees the limb from
    measured_radius_m: float  # mean of Basilisk's


def write(path: Path, comparisons: list[Comparison]) -> None:
    """Writes the tables between their markers; the words around them stay."""
    text = path.read_text(encoding="utf-8")
    for name, body in (
        ("differences", difference_tables(comparisons)),
        ("radius", radius_table(comparisons)),
        ("shipped", shipped_table(effects(comparisons[0].case, comparisons[0].singles))),
    ):
        text = between_markers(text, name, body)
    write_text(path, text)


def between_markers(text: str, name: str, body: str) -> str:
    """Returns a text with what stands between two markers replaced.

    Raises:
        ValueError: a marker is missing.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in text or end not in text:
        raise ValueError(f"the page has no {begin} ... {end}: put both back where the table goes")
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n{body}\n{end}{rest.split(end, 1)[1]}"


def difference_tables(comparisons: list[Comparison]) -> str:
    """Returns one table an orbit, each with a line on the whole week."""
    return "\n\n".join(difference_table(one) for one in comparisons)


def difference_table(one: Comparison) -> str:
    """Returns the table of one orbit."""
    capacity_j = one.params.hardware.capacity_j
    rows = differences(one.singles, one.theirs, capacity_j)
    wide = differences(one.doubles, one.theirs, capacity_j)
    lines = [
        f"**{one.case.title}** (from {one.case.start}; {daily_light(one.theirs):.2f} h of light a "
        f"day, {len(one.theirs.entry_s)} eclipses)",
        "",
        "| sunward - Basilisk | unit | median size | 95 % | worst | mean | drift |",
        "|---|---|---|---|---|---|---|",
        *(difference_line(row) for row in rows),
        "",
        f"Array energy of the week: {array_gain(one.singles, one.theirs):+.4f} %. In float64 no "
        f"figure of this table moves by more than {furthest(rows, wide):.1g} of its unit.",
    ]
    return "\n".join(lines)


def difference_line(row: Difference) -> str:
    """Returns one line of a table."""
    sizes = " | ".join(f"{size:.3f}" for size in (row.median, row.p95, row.worst))
    return f"| {row.name} | {row.unit} | {sizes} | {row.mean:+.3f} | {row.drift:+.3f} |"


def furthest(rows: list[Difference], others: list[Difference]) -> float:
    """Returns the greatest difference between two lists of figures."""
    return max(
        abs(getattr(row, figure) - getattr(other, figure))
        for row, other in zip(rows, others, strict=True)
        for figure in ("median", "p95", "worst", "mean", "drift")
    )


def radius_table(comparisons: list[Comparison]) -> str:
    """Returns what the choice of the radius that the limb is seen from does to the eclipses."""
    lines = [
        "| orbit | mean distance in Basilisk - semi-major axis | of our limb | eclipse longer than "
        "Basilisk's | with the limb from the semi-major axis |",
        "|---|---|---|---|---|",
    ]
    for one in comparisons:
        measured_km = (one.measured_radius_m - one.case.radius_m) / 1e3
        formula_km = (one.limb_radius_m - one.case.radius_m) / 1e3
        longer = [longer_s(week, one.theirs) for week in (one.singles, one.from_axis)]
        lines.append(
            f"| {one.case.title} | {measured_km:+.2f} km | {formula_km:+.2f} km | "
            f"{longer[0]:+.2f} s | {longer[1]:+.2f} s |"
        )
    return "\n".join(lines)


def longer_s(week: Week, theirs: Week) -> float:
    """Returns how much longer eclipses are than Basilisk's, in the mean, in s."""
    late_out, late_in = week.exit_s - theirs.exit_s, week.entry_s - theirs.entry_s
    return float(late_out.mean() - late_in.mean())


def shipped_table(rows: list[Effect]) -> str:
    """Returns what each figure that Basilisk lacks does to the week at the fixed load."""
    lines = [
        "| put back alone | array energy | lowest charge | radiator |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row.name} | {row.array_percent:+.2f} % | {row.lowest_kwh:.1f} kWh | "
        f"{row.coldest_k - 273.15:.1f} to {row.warmest_k - 273.15:.1f} deg C |"
        for row in rows
    ]
    return "\n".join(lines)
