"""Read settings from the environment, and collect what cannot be read instead of raising.

Every module must import whatever the environment holds, so that `manage.py check` can say what is
wrong with it. Web, worker and beat do not start on a default that somebody meant to change.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured

PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingProblem:
    """A setting that cannot be read, and what to write instead."""

    name: str
    text: str
    hint: str

    def __str__(self) -> str:
        return f"{self.name}={self.text!r} cannot be read. {self.hint}"


@dataclass(slots=True)
class Environment:
    """The settings of the environment; of one that cannot be read the default is returned."""

    variables: Mapping[str, str]
    problems: list[SettingProblem] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """Return a setting without blanks around it."""
        return self.variables.get(name, "").strip() or default

    def words(self, name: str, default: str = "") -> list[str]:
        """Return a setting of words separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Return a setting of addresses and networks separated by commas."""
        try:
            return [ip_network(word, strict=False) for word in self.words(name)]
        except ValueError:
            self.refuse(name, "Write addresses or networks, such as 10.0.0.5 or 10.0.0.0/8.")
            return []

    def flag(self, name: str) -> bool:
        """Return a yes/no setting; off where there is none."""
        text = self.text(name).lower()
        if text and text not in YES | NO:
            self.refuse(name, "Write 1 for on or 0 for off.")
        return text in YES

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of some words, in any case."""
        text = self.text(name, default).upper()
        if text in choices:
            return text
        self.refuse(name, f"Write one of {', '.join(choices)}.")
        return default

    def whole(self, name: str) -> int | None:
        """Return a whole number of 1 or more; `None` where there is none."""
        text = self.text(name)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and int(text):
            return int(text)
        self.refuse(name, "Write a whole number, 1 or more.")
        return None

    def decimal(self, name: str, *, default: Decimal) -> Decimal:
        """Return a decimal number of 0 or more."""
        text = self.text(name)
        if not text or PLAIN.fullmatch(text):
            return Decimal(text) if text else default
        self.refuse(name, "Write a number, 0 or more, such as 2.5.")
        return default

    def refuse(self, name: str, hint: str) -> None:
        """Note a setting that cannot be read."""
        self.problems.append(SettingProblem(name=name, text=self.text(name), hint=hint))


def require_readable(problems: Sequence[SettingProblem]) -> None:
    """Raise `ImproperlyConfigured` where something cannot be read: for what starts servers."""
    if problems:
        raise ImproperlyConfigured(" ".join(map(str, problems)))
