"""Data centres on the ground: five figures each, with their sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field

from sunward.resources import config_dir
from sunward.scenario import figure as f
from sunward.scenario.document import read
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.model import Identifier, Model
from sunward.scenario.problems import validated

Pue = Annotated[float, f.Quantity("fraction", at_least=1.0, at_most=5.0)]
Carbon = Annotated[float, f.Quantity("carbon per energy", at_least=0.0, at_most=2000.0)]
Water = Annotated[float, f.Quantity("water per energy", at_least=0.0, at_most=50.0)]
EnergyPrice = Annotated[float, f.Quantity("money per energy", at_least=0.0, at_most=10.0)]
WorkPrice = Annotated[float, f.Quantity("money per work", at_least=0.0, at_most=1000.0)]


class SiteFigures(f.Section):
    """What an hour of work takes there; the key in the file is the name less its unit."""

    pue: Pue  # energy of the whole building over that of its computers
    carbon_g_per_kwh: Carbon  # of the grid
    water_l_per_kwh: Water  # water usage effectiveness: per kWh of the computers
    electricity_price_usd_per_kwh: EnergyPrice
    gpu_hour_price_usd_per_gpu_h: WorkPrice  # what a customer pays for an accelerator


class Site(Model):
    """A data centre on the ground."""

    id: Identifier
    description: Annotated[str, Field(min_length=1)]
    figures: SiteFigures


def list_sites() -> list[str]:
    """Returns the names of the shipped sites, sorted."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def load_site(name_or_path: str | Path) -> Site:
    """Returns a site by its name or from a YAML file.

    Raises:
        ScenarioError: one line for each problem of the file, all at once.
    """
    text = os.fspath(name_or_path)
    if text in list_sites():
        return validated(Site, read(_folder() / f"{text}.yaml"))
    if os.path.isfile(text):
        return validated(Site, read(Path(text)))
    raise ScenarioError(f"no site {text!r} on the ground: {suggestion(text, list_sites())}")


def _folder() -> Path:
    return config_dir() / "ground"
