"""A suite: the ordered worlds that a result file reports on."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from sunward.scenario.model import Identifier, Model, ScenarioId

#: Splits whose worlds anybody can play.
Split = Literal["train", "validation", "test"]
#: The same, and the one whose worlds an operator's secret draws.
AnySplit = Literal["train", "validation", "test", "private"]


class Entry(Model):
    """Worlds of one scenario, or of a variant of it: seeds 0 to `worlds` - 1 of the split."""

    scenario: ScenarioId
    split: AnySplit
    worlds: Annotated[int, Field(ge=1, le=10_000)]
    variant: Identifier | None = None  # told in the id that results carry
    overrides: Mapping[str, Any] = Field(default_factory=dict)  # values by dotted path
    lost_share: Annotated[float, Field(ge=0.0, le=0.9)] = 0.0  # satellites out of service

    @property
    def played_id(self) -> str:
        """Id of what is played: the scenario's, with the variant before its version."""
        if self.variant is None:
            return self.scenario
        name, _, version = self.scenario.rpartition("-")
        return f"{name}-{self.variant}-{version}"

    @field_validator("lost_share")
    @classmethod
    def _changes_are_named(cls, lost_share: float, info: ValidationInfo) -> float:
        is_changed = bool(info.data.get("overrides")) or lost_share > 0.0
        if is_changed and info.data.get("variant", "") is None:
            raise ValueError(
                f"is {lost_share:g}, with overrides {dict(info.data.get('overrides', {}))}, and "
                "variant is missing: name what is changed"
            )
        return lost_share


class Suite(Model):
    """Scenarios in the order in which a report lists them."""

    id: ScenarioId
    description: Annotated[str, Field(min_length=1)]
    # strict mode takes no list for a tuple, and YAML has only lists
    entries: Annotated[tuple[Entry, ...], Field(min_length=1, strict=False)]

    @field_validator("entries")
    @classmethod
    def _ids_differ(cls, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        ids = [entry.played_id for entry in entries]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"play {twice} twice: give each a variant of its own")
        return entries
