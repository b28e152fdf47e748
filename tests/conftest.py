"""Fixtures every test folder uses."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of reference tables and input data beside the project's root."""
    return Path(__file__).resolve().parents[1] / ".." / "shared"
