"""
What of a definition must not change once a saga of it has begun. Pure: no Django, no database.

Steps, kinds and compensations decide which moves a saga makes, and so do the numbers of tries: a history is replayed by
them. Commands and data may get fields with a default and nothing else, because stored sagas are read into the data, and
an inbox compares each repeated request with the one it answered. What is left out changes no stored saga: how long a
retry waits, what people read, the functions' names. What the functions build from the data nobody can compare; a
difference there is refused by the inbox.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any, get_args, get_origin, get_type_hints

from .definition import Saga, Step, command_type

Description = dict[str, Any]
"""A definition as JSON: `steps`, a list, and `data`, its fields by name."""


def described(saga: Saga) -> Description:
    """Return what of a definition must not change."""
    return {"steps": [_step(step) for step in saga.steps], "data": _fields(saga.data)}


def fingerprint(description: Description) -> str:
    """Return the same 64 letters for the same description, everywhere."""
    return sha256(json.dumps(description, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def differences(released: Description, present: Description) -> list[str]:
    """Return what was changed since a definition was released, a sentence each; nothing for what may change."""
    names, present_names = ([step["name"] for step in one["steps"]] for one in (released, present))
    if names != present_names:
        return [f"its steps were {', '.join(names)} and are {', '.join(present_names)}"]
    changed = [
        f"{old['name']}: its {part.replace('_', ' ')} was {_told(old[part])} and is {_told(new[part])}"
        for old, new in zip(released["steps"], present["steps"], strict=True)
        for part in old
        if not _fits(old[part], new[part])
    ]
    return changed + _changed_data(released["data"], present["data"])


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": str(step.kind),
        "do": _command(step.do),
        "undo": _command(step.undo),
        "attempts": step.retry.attempts,
        "undo_attempts": step.undo_retry.attempts if step.undo else None,
        "waive": _command(step.waive),
    }


def _command(build: Callable[..., Any] | None) -> dict[str, Any] | None:
    if build is None:
        return None
    command = command_type(build)
    return {"command": command.__name__, "participant": command.participant, "fields": _fields(command)}


def _shape(kind: Any) -> Any:
    """Spell a type: a dataclass by its fields, an enumeration by its words, another type by its name and parameters."""
    if is_dataclass(kind):
        return _fields(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return sorted(str(member.value) for member in kind)
    if get_origin(kind) is None:
        return getattr(kind, "__name__", str(kind))
    return [getattr(get_origin(kind), "__name__", str(get_origin(kind))), *map(_shape, get_args(kind))]


def _fields(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        field.name: {
            "type": _shape(hints[field.name]),
            "required": field.default is MISSING and field.default_factory is MISSING,
        }
        for field in fields(kind)
    }


def _fits(released: Any, present: Any) -> bool:
    """Whether what was stored under the one may be read, and asked again, under the other."""
    if isinstance(released, dict) and isinstance(present, dict):
        return (
            released.keys() <= present.keys()
            and all(_fits(released[name], present[name]) for name in released if name != "required")
            and (released.get("required", False) or not present.get("required", False))
            and not any(_demanded(present[name]) for name in present.keys() - released.keys())
        )
    if isinstance(released, list) and isinstance(present, list):
        return len(released) == len(present) and all(map(_fits, released, present))
    return bool(released == present)


def _demanded(field: Any) -> bool:
    return not isinstance(field, dict) or field.get("required", True)


def _changed_data(released: Mapping[str, Any], present: Mapping[str, Any]) -> list[str]:
    lost = [f"its data lost the field {name}" for name in released if name not in present]
    retyped = [
        f"its data's {name} was {_told(old['type'])} and is {_told(present[name]['type'])}"
        for name, old in released.items()
        if name in present and not _fits(old["type"], present[name]["type"])
    ]
    demanded = [
        f"its data's {name} has no default, and stored sagas need not have it"
        for name, new in present.items()
        if new["required"] and not released.get(name, {"required": False})["required"]
    ]
    return lost + retyped + demanded


def _told(value: Any) -> str:
    if isinstance(value, dict) and "command" in value:
        return f"{value['command']}{_told(value['fields'])} of {value['participant']}"
    if isinstance(value, dict):
        told = (f"{name}: {_told(field['type'])}" for name, field in value.items())
        return f"({', '.join(told)})"
    if isinstance(value, list):
        return f"{value[0]}[{', '.join(map(_told, value[1:]))}]" if value else "[]"
    return "nothing" if value is None else str(value)
