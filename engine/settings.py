"""Configuration: read once, checked, frozen and handed down.

Every setting has one environment variable, `CASEPATH_` and its name in capitals; a flag of the command line wins
over it. The page `docs/operator/settings.md` lists them all, and a test keeps it so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from engine.errors import InvalidInput

APP_ROLE = "casepath_app"


def _url(*schemes: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError(f"an address that begins with {' or '.join(f'{name}:' for name in schemes)}")
        return text

    return check


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}")
        return int(text)

    return check


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("1", "true", "yes", "0", "false", "no", ""):
        raise ValueError("yes or no")
    return text.lower() in ("1", "true", "yes")


def _mail_address(text: str) -> str:
    if "@" not in text or "\n" in text or "\r" in text:
        raise ValueError("a mail address")
    return text


def _listening(text: str) -> str:
    for place in text.split():
        parts = urlsplit(place)
        if parts.scheme not in ("smtp", "lmtp") or not (parts.path if not parts.netloc else _has_port(parts)):
            raise ValueError("places such as smtp://127.0.0.1:2525 or lmtp:///run/casepath/lmtp.sock")
    return text


def _has_port(parts: SplitResult) -> bool:
    return bool(parts.hostname) and parts.port is not None and not parts.path.strip("/")


def _desk_addresses(text: str) -> str:
    for pair in text.replace(",", " ").split():
        address, equals, desk = pair.partition("=")
        if address.count("@") != 1 or not equals or not desk:
            raise ValueError("addresses with their desks, such as help@desk.example=generic_desk")
    return text


def _setting(read: Callable[[str], Any], default: Any) -> Any:
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True)
class Settings:
    """What an installation was told; empty addresses stand for the embedded servers.

    `engine.embedded.running` fills in what is left empty (both databases, Redis and the secret key).
    """

    data_dir: Path = field(default=Path(".casepath"), metadata={"read": Path})
    database_url: str = _setting(_url("postgresql", "postgres"), "")
    admin_database_url: str = _setting(_url("postgresql", "postgres"), "")
    redis_url: str = _setting(_url("redis", "rediss", "unix"), "")
    host: str = _setting(str, "127.0.0.1")
    port: int = _setting(_number(0, 65_535), 8080)
    base_url: str = _setting(_url("http", "https"), "")
    trusted_proxy: str = _setting(str, "")
    workers: int = _setting(_number(1, 64), 2)
    lost_after: int = _setting(_number(1, 1_440), 15)
    smtp_url: str = _setting(_url("smtp", "smtp+starttls", "smtps"), "")
    mail_from: str = _setting(_mail_address, "casepath@localhost")
    mail_listen: str = _setting(_listening, "")
    mail_desks: str = _setting(_desk_addresses, "")
    mail_size: int = _setting(_number(1, 500), 25)
    mail_file_size: int = _setting(_number(1, 500), 20)
    mail_files: int = _setting(_number(0, 1_000), 50)
    mail_hourly: int = _setting(_number(1, 100_000), 30)
    mail_authserv: str = _setting(str, "")
    packs: str = _setting(str, "")
    secret_key: str = _setting(str, "")
    test_clock: bool = _setting(_yes_or_no, False)

    @classmethod
    def read(cls, environment: Mapping[str, str], flags: Mapping[str, object] | None = None) -> Settings:
        """Read all settings; a flag that is None was not given.

        Raises `InvalidInput` naming every variable or flag that is wrong.
        """
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for item in fields(cls):
            name, text = _given(item, environment, flags or {})
            if text is None:
                continue
            try:
                values[item.name] = item.metadata["read"](text)
            except ValueError as error:
                wrong[name] = f"Expected {name} to be {error} but it is {text!r}."
        if wrong:
            raise InvalidInput("Expected settings that can be used but some are wrong.", wrong)
        return cls(**values)._completed()

    def _completed(self) -> Settings:
        """Fill in what follows from other settings."""
        settings = replace(
            self, data_dir=self.data_dir.absolute(), base_url=self.base_url.rstrip("/") or self.address
        )
        if self.database_url and not self.admin_database_url:
            # One address given: the owner's. The application comes in by it too, but lays the owner's rights off.
            settings = replace(
                settings,
                admin_database_url=self.database_url,
                database_url=with_role(self.database_url, APP_ROLE),
            )
        return settings

    @property
    def address(self) -> str:
        """The address of the pages as seen from this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def as_environment(self) -> dict[str, str]:
        """Return the environment variables by which another process reads the same settings."""
        values = {variable(item.name): getattr(self, item.name) for item in fields(self)}
        return {name: str(value) for name, value in values.items() if value not in ("", None)}


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"CASEPATH_{name.upper()}"


def with_role(url: str, role: str) -> str:
    """Return a PostgreSQL address whose sessions act as a role from their start."""
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return parts._replace(query=f"{query}options={quote(f'-c role={role}', safe='')}").geturl()


def _given(
    item: Field[Any], environment: Mapping[str, str], flags: Mapping[str, object]
) -> tuple[str, str | None]:
    """Return the name a person knows a setting by, and its text: the flag's, else the variable's."""
    if flags.get(item.name) is not None:
        return f"--{item.name.replace('_', '-')}", str(flags[item.name])
    return variable(item.name), environment.get(variable(item.name)) or None
