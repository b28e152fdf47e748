"""The same id means the same numbers."""

from pathlib import Path

import pytest
import yaml
from tests.golden.trajectories import POLICIES, hashed_scenarios, trajectory_hash

HASHES = yaml.safe_load((Path(__file__).parent / "hashes.yaml").read_text())


def test_every_scenario_but_the_largest_has_its_hashes():
    assert set(HASHES) == set(hashed_scenarios())


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("scenario", sorted(HASHES))
def test_a_scenario_plays_as_its_version_did(scenario, policy):
    assert trajectory_hash(scenario, policy) == HASHES[scenario][policy], (
        f"{scenario} plays otherwise than its version: raise -vN, tell by how much in the "
        "changelog, and write the hashes that `python -m tests.golden.trajectories` prints"
    )
