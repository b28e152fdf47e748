"""Where the shipped YAML files lie: `configs/` of a checkout, or package data of a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def config_dir() -> Path:
    """Return the folder that holds `hardware/`, `scenarios/`, `suites/`, `train/` and `demand/`.

    A wheel carries it as `sunward/configs`; an editable install reads the repository's own
    `configs/`, two levels above the package, so that an edit counts at once.
    """
    packaged = _PACKAGE / "configs"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "configs"
