"""Turns what pydantic finds into our lines: place, path, value, bound, fix."""

from typing import Any, TypeVar

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from sunward.scenario.document import Document, Keys, dotted
from sunward.scenario.errors import ScenarioError, suggestion
from sunward.scenario.figure import Figure, Quantity

Filled = TypeVar("Filled", bound=BaseModel)

_WANTED = {
    "float": "a number",
    "int": "a whole number",
    "string": "text",
    "bool": "true or false",
    "date": "a date such as 2026-12-21",
    "model": "a mapping of keys",
    "tuple": "a list",
    "list": "a list",
    "finite": "a finite number",
}


def validated(model: type[Filled], document: Document) -> Filled:
    """Return the model that the document fills, or raise all its problems at once."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise ScenarioError(_line(model, document, item) for item in details) from error


def _line(model: type[BaseModel], document: Document, error: ErrorDetails) -> str:
    text = _text(model, tuple(error["loc"]), error)
    keys = tuple(key for key in error["loc"] if not _is_kind(key))
    return f"{document.place(keys)}: {dotted(keys) or 'the file'} {text}"


def _is_kind(key: str | int) -> bool:
    """True for what pydantic puts among the keys where a mapping is one of several kinds."""
    return isinstance(key, str) and key.startswith("(")


def _text(model: type[BaseModel], keys: Keys, error: ErrorDetails) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    given = f"is {value!r}" if isinstance(value, str) else f"is {value}"
    match kind:
        case "extra_forbidden":
            return f"is unknown: {suggestion(str(keys[-1]), _known(model, keys[:-1]))}"
        case "missing":
            return "is missing: add it"
        case "greater_than":
            return f"{given}, must be above {context['gt']:g}: raise it"
        case "greater_than_equal":
            return f"{given}, must be at least {context['ge']:g}: raise it"
        case "less_than":
            return f"{given}, must be below {context['lt']:g}: lower it"
        case "less_than_equal":
            return f"{given}, must be at most {context['le']:g}: lower it"
        case "literal_error":
            options = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
            return f"{given}, must be {context['expected']}: {suggestion(str(value), options)}"
        case "value_error":
            return str(context["error"])
        case "figure":
            return error["msg"]
        case _:
            return _type_text(kind, given, error["msg"])


def _type_text(kind: str, given: str, message: str) -> str:
    if kind == "string_pattern_mismatch":
        return f"{given}, must be lower-case words joined by hyphens (an id ends in -v0): rename it"
    what, _, rest = kind.partition("_")
    if what in _WANTED and rest in {"type", "parsing", "number", "from_float"}:
        return f"{given}, must be {_WANTED[what]}: change it"
    return f"{given}: {message}"


def _known(model: type[BaseModel], keys: Keys) -> list[str]:
    """Return the keys that the mapping at `keys` may hold."""
    here: Any = model
    for key, below in zip(keys, (*keys, None)[1:], strict=True):
        if isinstance(key, int) or _is_kind(key):
            continue
        field = {info.alias or name: info for name, info in here.model_fields.items()}[key]
        is_figure = any(isinstance(item, Quantity) for item in field.metadata)
        here = Figure if is_figure else _model_in(field.annotation, below)
    return [info.alias or name for name, info in here.model_fields.items()]


def _model_in(annotation: Any, kind: str | int | None) -> Any:
    """Return the model in `Model`, `tuple[Model, ...]`, `Model | None`, or that of a kind."""
    inner = [item for item in getattr(annotation, "__args__", ()) if hasattr(item, "model_fields")]
    tagged = [item for item in inner if Tag(str(kind)) in getattr(item, "__metadata__", ())]
    return (tagged or inner or [annotation])[0]
