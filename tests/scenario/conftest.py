"""Scenario files that a test may break, and their demand files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sunward.resources import config_dir
from sunward.scenario import ScenarioError, load_scenario


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., list[str]]:
    """Return the problems of a shipped scenario in which pieces of text were replaced."""

    def problems(*replacements: tuple[str, str], scenario: str = "walker-53-66-v0") -> list[str]:
        text = (config_dir() / "scenarios" / f"{scenario}.yaml").read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, f"{old!r} is not in {scenario}"
            text = text.replace(old, new)
        path = tmp_path / "walker.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(path)
        return list(caught.value.problems)

    return problems


@pytest.fixture
def demand(tmp_path: Path) -> dict[str, str]:
    """Return overrides that point at a small profile and a small list of sites."""
    profile, sites = tmp_path / "profile.yaml", tmp_path / "sites.csv"
    profile.write_text("rate: 5.5  # requests a second\n", encoding="utf-8")
    sites.write_text("name,weight\nTokyo,1.0\n", encoding="utf-8")
    return {"demand.profile": str(profile), "demand.sites": str(sites)}
