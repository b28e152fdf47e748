"""All that one run measured: as JSON, and as tables that a terminal and a page share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sunward_agents.bench import duel
from sunward_agents.bench.duel import Broken, Duel
from sunward_agents.bench.explain import Explanation
from sunward_agents.bench.figure import Figure, machine
from sunward_agents.bench.roofline import Roofline
from sunward_agents.bench.stages import DONE, Stage
from sunward_agents.bench.sweep import Point
from sunward_agents.bench.vector_code import VectorCode


class Rows(NamedTuple):
    """A table of words: what it tells, its columns, its rows."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass
class Report:
    """Results by kind, in the order they were measured."""

    machine: dict[str, str] = field(default_factory=machine)
    figures: list[Figure] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    duels: list[Duel] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=duel.missing)
    explanations: list[Explanation] = field(default_factory=list)

    def add(self, results: Iterable[Any]) -> None:
        """Files results under their kind."""
        kinds: dict[type, list[Any]] = {
            Figure: self.figures,
            Point: self.points,
            Duel: self.duels,
            Broken: self.broken,
            Explanation: self.explanations,
        }
        for result in results:
            kinds[type(result)].append(result)

    def as_json(self) -> dict[str, Any]:
        """Returns everything as plain values; `from_json` takes it back."""
        return {
            "machine": self.machine,
            "figures": [{**one._asdict(), "holds": one.holds} for one in self.figures],
            "sweep": [point._asdict() for point in self.points],
            "peers": [one._asdict() for one in self.duels],
            "broken": [one._asdict() for one in self.broken],
            "missing": self.missing,
            "explanation": [
                {
                    **one._asdict(),
                    "code": one.code.counts,
                    "roof": one.roof._asdict(),
                    "shares": one.shares,
                    "stages": [stage._asdict() for stage in one.stages],
                }
                for one in self.explanations
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Report:
        """Returns the report that `as_json` wrote."""
        return cls(
            machine=content["machine"],
            figures=[Figure(**_of(Figure, row)) for row in content["figures"]],
            points=[Point(**row) for row in content["sweep"]],
            duels=[Duel(**row) for row in content["peers"]],
            broken=[Broken(**row) for row in content["broken"]],
            missing=content["missing"],
            explanations=[_explanation(row) for row in content["explanation"]],
        )

    def tables(self) -> list[Rows]:
        """Returns every table that has something to tell."""
        made = [
            figure_table(self.figures),
            sweep_table(self.points),
            peer_table(self.duels),
            *map(explanation_table, self.explanations),
            *map(stage_table, self.explanations),
        ]
        return [table for table in made if table.rows]

    def absent_lines(self) -> list[str]:
        """Returns one line a peer that was not measured: what installs it, or why it broke."""
        missing = [f"{name} is not installed: {line}" for name, line in self.missing.items()]
        return missing + [f"{one.peer} does not run: {one.reason}" for one in self.broken]


def _of(kind: type, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in kind._fields}  # pyright: ignore[reportAttributeAccessIssue]


def _explanation(row: Mapping[str, Any]) -> Explanation:
    known = _of(Explanation, row)
    parts = {
        "code": VectorCode(row["code"]),
        "roof": Roofline(**row["roof"]),
        "stages": [Stage(**stage) for stage in row["stages"]],
    }
    return Explanation(**known | parts)


def figure_table(figures: Sequence[Figure]) -> Rows:
    """Returns what the project promises, and whether it holds."""
    rows = [(one.name, f"{one.value:.3g}", one.unit, promise(one)) for one in figures]
    return Rows("Promises", ("what", "figure", "unit", "promised"), rows)


def promise(figure: Figure) -> str:
    """Returns what is promised of a figure, and whether it is kept."""
    if figure.limit is None:
        return ""
    sign = "<" if figure.better == "below" else ">="
    return f"{sign} {figure.limit:g} {'yes' if figure.holds else 'missed'}"


def sweep_table(points: Sequence[Point]) -> Rows:
    """Returns million satellite-steps/s, a row a shape and a column a number of threads."""
    counts = sorted({point.threads for point in points})
    shapes = dict.fromkeys((point.satellites, point.worlds) for point in points)
    by_place = {(p.satellites, p.worlds, p.threads): p for p in points}
    rows = [
        (f"{sats:,}", f"{worlds:,}", *(_rate(by_place[sats, worlds, count]) for count in counts))
        for sats, worlds in shapes
    ]
    columns = (
        "satellites",
        "worlds",
        *(f"M/s on {count} core{'s'[: count > 1]}" for count in counts),
    )
    return Rows(
        "Satellite-steps a second, every observation read; processor time on one core",
        columns,
        rows,
    )


def _rate(point: Point) -> str:
    return f"{point.rate / 1e6:.3g} ({point.lowest / 1e6:.3g} to {point.highest / 1e6:.3g})"


def peer_table(duels: Sequence[Duel]) -> Rows:
    """Returns agent-steps/s of peers beside ours, by turns in one run."""
    rows = [
        (
            f"{one.peer} {one.version}",
            f"{one.agents} x {one.worlds:,}",
            str(one.cores),
            _short(one.peer_rate),
            f"{one.ours}: {_short(one.our_rate)}",
            f"{one.ratio:.3g} ({one.lowest_ratio:.3g} to {one.highest_ratio:.3g})",
        )
        for one in duels
    ]
    columns = ("peer", "agents x worlds", "cores", "agent-steps/s", "ours", "ratio")
    return Rows("Other people's environments, by turns; processor time on one core", columns, rows)


def _short(rate: float) -> str:
    return f"{rate / 1e6:.3g} M" if rate >= 1e6 else f"{rate / 1e3:.3g} k"


def explanation_table(one: Explanation) -> Rows:
    """Returns what the compiled step is made of, and the shares of the roof that it reaches."""
    rows = [(f"instructions, {name}", f"{count:,}") for name, count in one.code.counts.items()]
    rows += [
        ("float operations a satellite-step", f"{one.flops:,.0f}"),
        ("bytes a satellite-step", f"{one.n_bytes:,}"),
        ("multiply-add peak of a core", f"{one.roof.flops_per_s / 1e9:.3g} GFLOP/s"),
        ("triad, memory", f"{one.roof.memory_bytes_per_s / 1e9:.3g} GB/s"),
        ("triad, second-level cache", f"{one.roof.cache_bytes_per_s / 1e9:.3g} GB/s"),
        ("one core, 66 satellites x 1,024 worlds", f"{one.rate / 1e6:.3g} M satellite-steps/s"),
    ]
    rows += [(f"share of the {name}", f"{100 * share:.0f} %") for name, share in one.shares.items()]
    return Rows("The compiled step and the roof above it", ("what", "figure"), rows)


def stage_table(one: Explanation) -> Rows:
    """Returns what each phase of a step takes, and how many operations it does meanwhile."""
    rows = [_stage_row(stage.name, DONE[stage.name], stage) for stage in one.stages]
    whole_ns = sum(stage.time_ns for stage in one.stages)
    rows.append(_stage_row("all", "", Stage("all", whole_ns, one.flops)))
    columns = ("phase", "what is done", "ns", "float operations", "GFLOP/s")
    return Rows(
        "A satellite-step, phase by phase: 66 satellites x 7 worlds, one core", columns, rows
    )


def _stage_row(name: str, done: str, stage: Stage) -> tuple[str, ...]:
    rate = f"{stage.flops / stage.time_ns:.3g}"
    return name, done, f"{stage.time_ns:.3g}", f"{stage.flops:,.0f}", rate
