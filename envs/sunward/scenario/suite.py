"""A suite: the ordered worlds that a result file reports on."""

from typing import Annotated, Literal

from pydantic import Field

from sunward.scenario.model import Model, ScenarioId

Split = Literal["train", "validation", "test"]


class Entry(Model):
    """Worlds of one scenario: seeds 0 to `worlds` - 1 of the split."""

    scenario: ScenarioId
    split: Split
    worlds: Annotated[int, Field(ge=1, le=10_000)]


class Suite(Model):
    """Scenarios in the order in which a report lists them."""

    id: ScenarioId
    description: Annotated[str, Field(min_length=1)]
    # strict mode takes no list for a tuple, and YAML has only lists
    entries: Annotated[tuple[Entry, ...], Field(min_length=1, strict=False)]
