"""How is a story's file read? YAML 1.2's plain scalars: a date stays text, `on` is a word."""

import re
from pathlib import Path
from typing import Any

import yaml


class _PlainLoader(yaml.SafeLoader):
    """YAML 1.1 turns `10:30` into 630, `on` into true and an instant into another zone's."""


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"0|-?[1-9][0-9]*", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?", "-0123456789"),
    ("tag:yaml.org,2002:merge", r"<<", "<"),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))


class Unreadable(ValueError):
    """The file is no YAML, or not of the form that was expected. The text says where and why."""


def read_yaml(path: Path) -> Any:
    """The file's content. Raises Unreadable with the file and line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506
    except OSError as fault:
        raise Unreadable(f"{path}: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise Unreadable(f"{path}: not UTF-8") from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise Unreadable(f"{where}: {getattr(fault, 'problem', 'not YAML')}") from fault
