"""Settings: one frozen value read from the environment. Open to see what an operator can set, and what has no default.

The rule: a default must be right in production, otherwise there is none. Missing things do not stop commands that only
compute; `problems()` says what a server lacks, and a server refuses to start with those sentences.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
KEY_NAMES = ("AVVIKELSE_SECRET_KEY", "AVVIKELSE_AUDIT_KEY")
LOOPBACK = ("127.0.0.1", "localhost")


class Environment(StrEnum):
    """Where the program runs. Anything but production is for made-up data only."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class SettingsError(Exception):
    """A setting that cannot be used; the message is a whole Swedish sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between installations.

    `secret_key` signs cookies and `audit_key` chains the audit log; "" = missing. `mail` is
    `smtp://[user:password@]host[:port]`, `smtps://…`, `maildir:PATH` or `log`; "" = missing. `proxies` is the
    number of reverse proxies whose X-Forwarded headers count. `idle_minutes` without a click ends a log-in.
    `backups` is the folder where the operator's copies lie, so that the health page can say how old they are.
    `second_step_required`: whoever is more than rapportör logs in with a code from her phone too.
    """

    environment: Environment
    database_url: str
    secret_key: str
    audit_key: str
    base_url: str
    mail: str
    mail_from: str
    instance: Path
    proxies: int = 0
    idle_minutes: int = 60
    backups: Path | None = None
    second_step_required: bool = True

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the variables AVVIKELSE_…; keys that are not set are looked for in `instance/keys.env`.

        Raises SettingsError when a variable has a value that means nothing.
        """
        env = os.environ if env is None else env
        instance = Path(env.get("AVVIKELSE_INSTANCE") or ROOT / "instance").absolute()
        keys = {**read_keys(instance), **{name: env[name] for name in KEY_NAMES if env.get(name)}}
        base_url = env.get("AVVIKELSE_BASE_URL", "").rstrip("/")
        if base_url and (urlsplit(base_url).scheme not in {"http", "https"} or not urlsplit(base_url).hostname):
            raise SettingsError(
                "AVVIKELSE_BASE_URL ska vara en adress som börjar med https:// (eller http:// på egen dator)."
            )
        environment = _environment(env.get("AVVIKELSE_ENV", ""))
        return cls(
            environment=environment,
            database_url=_database(env.get("AVVIKELSE_DATABASE_URL") or f"sqlite:///{instance / 'avvikelse.sqlite3'}"),
            secret_key=keys.get("AVVIKELSE_SECRET_KEY", ""),
            audit_key=keys.get("AVVIKELSE_AUDIT_KEY", ""),
            base_url=base_url,
            mail=_mail(env.get("AVVIKELSE_MAIL", "")),
            mail_from=env.get("AVVIKELSE_MAIL_FROM") or f"avvikelse@{urlsplit(base_url).hostname or 'localhost'}",
            instance=instance,
            proxies=_count("AVVIKELSE_PROXIES", env.get("AVVIKELSE_PROXIES") or "0"),
            idle_minutes=_count("AVVIKELSE_IDLE_MINUTES", env.get("AVVIKELSE_IDLE_MINUTES") or "60"),
            backups=Path(env["AVVIKELSE_BACKUPS"]) if env.get("AVVIKELSE_BACKUPS") else None,
            second_step_required=_second_step(env.get("AVVIKELSE_SECOND_STEP", ""), environment),
        )

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str] | None:
        """Host names that a request may carry; None = any (no base URL: nothing is served in production)."""
        host = urlsplit(self.base_url).hostname
        if host is None:
            return None
        return [host] if self.is_production else sorted({host, *LOOPBACK})

    def problems(self) -> tuple[str, ...]:
        """What a server lacks, as Swedish sentences. Empty = it may start."""
        wanted = (
            (
                self.secret_key,
                "AVVIKELSE_SECRET_KEY saknas. Kör `flask --app wsgi database keys`, eller sätt variabeln.",
            ),
            (self.audit_key, "AVVIKELSE_AUDIT_KEY saknas. Utan rätt nyckel kan loggens kedja inte fortsättas."),
            (
                self.base_url,
                "AVVIKELSE_BASE_URL saknas. Den behövs för länkar i mejl och för att avvisa främmande värdnamn.",
            ),
            (self.mail, "AVVIKELSE_MAIL saknas. Ange smtp://värd:port (eller maildir:MAPP eller log på en demodator)."),
        )
        missing = tuple(sentence for value, sentence in wanted if not value)
        weak = tuple(
            f"{name} är för kort. Använd minst 32 tecken."
            for name, key in zip(KEY_NAMES, (self.secret_key, self.audit_key), strict=True)
            if 0 < len(key) < 32
        )
        return missing + weak


def keys_file(instance: Path) -> Path:
    return instance / "keys.env"


def read_keys(instance: Path) -> dict[str, str]:
    """The keys kept beside the database, {} when there are none."""
    path = keys_file(instance)
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text("ascii").splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in lines if name.strip() in KEY_NAMES}


def create_keys(instance: Path) -> Path:
    """Write new keys for an installation that has none; readable by the owner only.

    Raises FileExistsError when there are keys.
    """
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = keys_file(instance)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{name}={secrets.token_urlsafe(48)}\n" for name in KEY_NAMES)
    return path


def _environment(text: str) -> Environment:
    try:
        return Environment(text or Environment.PRODUCTION)
    except ValueError:
        raise SettingsError(f"AVVIKELSE_ENV är {text!r} men ska vara production, demo eller test.") from None


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")):
        raise SettingsError(
            "AVVIKELSE_DATABASE_URL ska börja med postgresql:// eller sqlite:///."
        )  # it may hold a password
    return text


def _mail(text: str) -> str:
    if text and text != "log" and not text.startswith(("smtp://", "smtps://", "maildir:")):
        raise SettingsError("AVVIKELSE_MAIL ska vara smtp://…, smtps://…, maildir:MAPP eller log.")
    return text


def _second_step(text: str, environment: Environment) -> bool:
    """Asked of everybody with a role where the data is real; offered where anybody is to try every log-in."""
    chosen = text or ("required" if environment is Environment.PRODUCTION else "offered")
    if chosen not in {"required", "offered"}:
        raise SettingsError("AVVIKELSE_SECOND_STEP ska vara required eller offered.")
    return chosen == "required"


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name} ska vara ett heltal.")
    return int(text)
