"""Scenarios, hardware and suites: YAML files, read into frozen models with SI values."""

from sunward.scenario.errors import ScenarioError
from sunward.scenario.fingerprint import content_hash, demand_files, resolved
from sunward.scenario.load import (
    list_hardware,
    list_scenarios,
    list_suites,
    load_hardware,
    load_scenario,
    load_suite,
)
from sunward.scenario.scenario import Scenario
from sunward.scenario.suite import Suite

__all__ = [
    "Scenario",
    "ScenarioError",
    "Suite",
    "content_hash",
    "demand_files",
    "list_hardware",
    "list_scenarios",
    "list_suites",
    "load_hardware",
    "load_scenario",
    "load_suite",
    "resolved",
]
