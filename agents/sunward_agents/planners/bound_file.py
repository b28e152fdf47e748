"""Files of bounds: which scenario, to the bit, which worlds, and what no policy exceeds there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sunward_agents.results import Record, read_record

SCHEMA_VERSION = 1


class WorldBound(Record):
    """The bound of one world in the units of the metric `value`."""

    split: str
    seed: int = Field(ge=0)
    bound: float
    wall_time_s: float = Field(ge=0.0)


class BoundFile(Record):
    """Bounds of worlds of one scenario; they hold for no other content hash."""

    schema_version: Literal[1] = SCHEMA_VERSION
    scenario: str
    content_hash: str
    block_steps: int = Field(ge=1, le=2)
    package_version: str
    hardware: str
    worlds: list[WorldBound]

    def of_worlds(self, split: str) -> dict[int, float]:
        """Returns seed -> bound of the worlds of a split."""
        return {world.seed: world.bound for world in self.worlds if world.split == split}


def read_bounds(path: Path) -> BoundFile:
    """Returns the bounds in `path`; raises as `read_record`."""
    return read_record(path, BoundFile)


def find_bounds(folder: Path, content_hash: str) -> BoundFile | None:
    """Returns the bounds in a folder that hold for a scenario's content hash, or None."""
    for path in sorted(folder.glob("*.json")):
        bounds = read_bounds(path)
        if bounds.content_hash == content_hash:
            return bounds
    return None
