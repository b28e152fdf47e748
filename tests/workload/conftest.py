"""Traces and the shipped profile, loaded once."""

import pytest

from sunward.workload.profile import load_profile
from sunward.workload.traces import load_trace


@pytest.fixture(scope="session")
def traces_dir(shared_dir):
    return shared_dir / "data" / "workload"


@pytest.fixture(scope="session")
def conversation(traces_dir):
    return load_trace(traces_dir / "azure2023_conv.csv")


@pytest.fixture(scope="session")
def mooncake(traces_dir):
    return load_trace(traces_dir / "mooncake_conversation_0-30min.csv")


@pytest.fixture(scope="session")
def profile():
    return load_profile("inference-2025")
