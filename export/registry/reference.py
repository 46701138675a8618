"""References to registered models: `mlflow:NAME@ALIAS` and `mlflow:NAME/VERSION`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import InvalidInput

SCHEME = "mlflow:"
NAME_RULE = "must be 1 to 100 letters, digits, dots, dashes or underscores, and begin with a letter or digit"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_REFERENCE = re.compile(rf"{SCHEME}([^@/]*)(?:@([^@/]*)|/([0-9]{{1,9}}))", re.ASCII)


@dataclass(frozen=True, slots=True)
class RegistryReference:
    """A registered model by its alias, which may move, or by its version; one of the two is empty."""

    name: str
    alias: str = ""
    version: str = ""

    @classmethod
    def parse(cls, text: str, field: str = "reference") -> RegistryReference:
        """Raises InvalidInput, of this field, unless the text is a reference."""
        found = _REFERENCE.fullmatch(text)
        if found is None:
            raise InvalidInput(field, f"must be mlflow:NAME@ALIAS or mlflow:NAME/VERSION, not {text[:100]!r}")
        name, alias, version = found.groups(default="")
        check_name(field, name)
        if not version:
            check_name(field, alias)
        return cls(name, alias, version)

    def __str__(self) -> str:
        return f"{SCHEME}{self.name}{f'@{self.alias}' if self.alias else f'/{self.version}'}"


def check_name(field: str, name: str) -> str:
    """The name of a registered model or an alias, which also names folders. Raises InvalidInput."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(field, f"{NAME_RULE}, not {name[:100]!r}")
    return name
