"""`sunward train` and `python train.py`: a configuration, its overrides, or a run to resume."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import tyro

from sunward.buildout.load import is_buildout
from sunward_agents.errors import UsageError
from sunward_agents.parsing import parse
from sunward_agents.train_config import DEFAULT_CONFIG, TrainConfig, load_train_config

_DESCRIPTION = """Trains one policy for all satellites by PPO, on worlds of the train split.

Every key of the configuration is an option. Ctrl-C saves a checkpoint and says how to resume.

Examples: `python train.py`, `python train.py configs/train/dawn-dusk-ppo.yaml --seed 2`,
`python train.py configs/train/walker-gpu-ppo.yaml`, `python train.py --workload trace.csv`,
`python train.py --device cuda --n-worlds 1024`, `python train.py --resume runs/NAME`,
`python train.py --vary demand.interactive_load 0.3 0.6`,
`python train.py --total-steps 400000 --profile`.
"""
#: tyro's own would read {None}|STR.
_METAVARS = {"workload": "FILE", "run_dir": "DIR"}


def run(args: list[str], prog: str) -> int:
    """Trains; returns the exit code."""
    chosen = args[0] if args and not args[0].startswith("-") else DEFAULT_CONFIG
    if _asked_for(args, "--engine") == "ray":
        raise UsageError("engine is 'ray', which does not exist yet: use --engine local")
    defaults = load_train_config(chosen)
    arguments = parse(_arguments_kind(defaults), args, prog=prog)
    settings = dataclasses.asdict(arguments)
    resume, profile, _ = (settings.pop(name) for name in ("resume", "profile", "config"))
    changes = {key: value for key, value in settings.items() if value != getattr(defaults, key)}
    if resume is not None:
        _refuse_with_resume(args, changes)
        return _train(None, Path(resume), profile)
    return _train(load_train_config(chosen, **changes), None, profile)


def _train(config: TrainConfig | None, resume: Path | None, profile: bool) -> int:
    if config is not None and is_buildout(config.scenario):
        if profile:
            raise UsageError("profile tells the time of a fleet's learner: drop it for a build-out")
        from sunward_agents.buildout.train import train as train_buildout

        return train_buildout(config)
    from sunward_agents.sb3.train import train  # torch and SB3 take three seconds

    return train(config, resume, profile=profile)


def _arguments_kind(defaults: TrainConfig) -> type:
    """Returns a dataclass with one option a key, so that tyro parses and pydantic judges."""
    fields: list[Any] = [
        ("config", Annotated[tyro.conf.Positional[str], _help("name or file")], DEFAULT_CONFIG),
        ("resume", Annotated[str | None, _help("folder of a run to go on with", "RUN")], None),
        ("profile", Annotated[bool, _help("tell at the end where the time has gone")], False),
    ]
    for name, field in TrainConfig.model_fields.items():
        kind = Annotated[field.annotation, _help(field.description or "", _METAVARS.get(name))]
        value = getattr(defaults, name)
        fields.append((name, kind, dataclasses.field(default_factory=lambda value=value: value)))
    return dataclasses.make_dataclass(
        "Arguments", fields, frozen=True, namespace={"__doc__": _DESCRIPTION}
    )


def _help(text: str, metavar: str | None = None) -> Any:
    return tyro.conf.arg(help=text, metavar=metavar)


def _asked_for(args: list[str], option: str) -> str | None:
    """Returns the value that an option is given on the command line."""
    for index, argument in enumerate(args):
        if argument == option and index + 1 < len(args):
            return args[index + 1]
        if argument.startswith(f"{option}="):
            return argument.partition("=")[2]
    return None


def _refuse_with_resume(args: list[str], changes: dict[str, Any]) -> None:
    if changes or not args[0].startswith("-"):
        what = next(iter(changes), args[0])
        raise UsageError(f"a resumed run keeps its configuration: drop {what}")
