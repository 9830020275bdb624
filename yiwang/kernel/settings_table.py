"""Every setting of a deployment: one row with name, type, default and a sentence. Bad values stop the start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import ConfigurationError, did_you_mean


@dataclass(frozen=True)
class Setting:
    """One environment variable. `kind` is text, whole, number, switch, list, secret or folder."""

    name: str
    kind: str
    default: Any
    sentence: str


SETTINGS: tuple[Setting, ...] = (
    Setting("YIWANG_DISTRICT", "text", "440605", "Six-digit code of the district this deployment serves."),
    Setting("YIWANG_DATA", "folder", "var", "Folder for the database, uploads, front-end files and keys."),
    Setting("YIWANG_PORT", "whole", 8000, "Port of the web server on the loopback address."),
    Setting("YIWANG_SCALE", "number", 0.001, "Share of the report's year that the first start replays."),
    Setting("YIWANG_DEMO", "switch", False, "Show demo accounts on the log-in page. Never on a public server."),
    Setting("YIWANG_PULSE", "number", 60, "New reports an hour that keep a demonstration alive; 0 leaves it still."),
    Setting("YIWANG_DEBUG", "switch", False, "Show details of errors in the browser. Never on a public server."),
    Setting("YIWANG_SECRET_KEY", "secret", "", "Key for sessions and signatures; made in the data folder when empty."),
    Setting("YIWANG_HOSTS", "list", ("127.0.0.1", "localhost"), "Host names the server answers to."),
    Setting("YIWANG_WORKERS", "whole", 2, "Number of web processes."),
    Setting("YIWANG_THREADS", "whole", 4, "Threads in each web process."),
    Setting("YIWANG_UPLOAD_LIMIT", "whole", 10_485_760, "Largest upload in bytes."),
    Setting("YIWANG_VIRUS_SCAN", "text", "", "Command that gets a file path and exits 0 when the file is clean."),
    Setting("YIWANG_LOCK_AFTER", "whole", 5, "Failed log-ins after which an account or address is locked."),
    Setting("YIWANG_LOCK_MINUTES", "whole", 15, "Minutes a lock lasts."),
    Setting("YIWANG_REPORT_LIMIT", "whole", 20, "Reports or remarks a visitor may send in an hour (a proposal)."),
    Setting("YIWANG_FOLLOW_LIMIT", "whole", 10, "Wrong tries to follow a case in an hour, then a pause (a proposal)."),
    Setting("YIWANG_ADVICE_LIMIT", "whole", 200, "Texts a visitor may have judged in an hour (a proposal)."),
    Setting("YIWANG_EXCHANGE_NETWORKS", "list", (), "Networks besides public ones that may be called, as 10.1.0.0/16."),
    Setting("YIWANG_SESSION_HOURS", "whole", 12, "Hours after which a session ends."),
    Setting("YIWANG_SECURE_COOKIES", "switch", False, "Send cookies over HTTPS only; 1 on every public server."),
    Setting("YIWANG_OPENID", "text", "", "OpenID Connect issuer URL of the district's identity service."),
    Setting("YIWANG_OPENID_CLIENT", "text", "", "Client id at the OpenID Connect issuer."),
    Setting("YIWANG_OPENID_SECRET", "secret", "", "Client secret at the OpenID Connect issuer."),
    Setting("YIWANG_MAIL", "text", "", "Maildir of reports by e-mail; empty means mail in the data folder."),
    Setting("YIWANG_MAIL_ADDRESS", "text", "report@localhost", "Address people write to; receipts come from it."),
    Setting("YIWANG_SITE", "text", "", "Address of the site for people outside; links in mails begin with it."),
    Setting("DATABASE_URL", "text", "", "postgres://… of an existing database; empty starts one in the data folder."),
)


def default_of(name: str) -> Any:
    """What a setting is when nobody sets it."""
    return next(setting.default for setting in SETTINGS if setting.name == name)


def _number(setting: Setting, text: str, convert: type) -> Any:
    try:
        return convert(text)
    except ValueError:
        raise ConfigurationError(
            f"{setting.name}='{text}' is not a {setting.kind} number. {setting.sentence} Default: {setting.default}."
        ) from None


def _switch(setting: Setting, text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ConfigurationError(f"{setting.name}='{text}' is not a switch. Use 1 or 0. {setting.sentence}")
    return known[text.lower()]


def _read(setting: Setting, environment: Mapping[str, str]) -> Any:
    text = environment.get(setting.name, "")
    if setting.kind == "secret" and not text and environment.get(f"{setting.name}_FILE"):
        text = Path(environment[f"{setting.name}_FILE"]).read_text(encoding="utf-8").strip()
    if text == "":
        return Path(setting.default).resolve() if setting.kind == "folder" else setting.default
    readers: dict[str, Callable[[], Any]] = {
        "whole": lambda: _number(setting, text, int),
        "number": lambda: _number(setting, text, float),
        "switch": lambda: _switch(setting, text),
        "list": lambda: tuple(part.strip() for part in text.split(",") if part.strip()),
        "folder": lambda: Path(text).resolve(),
    }
    return readers.get(setting.kind, lambda: text)()


def read_settings(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings by name. An unknown YIWANG_ name or a bad value is a ConfigurationError."""
    environment = os.environ if environment is None else environment
    names = {setting.name for setting in SETTINGS}
    for name in environment:
        plain = name.removesuffix("_FILE")
        if name.startswith("YIWANG_") and name not in names and plain not in names:
            raise ConfigurationError(f"There is no setting {name}. {did_you_mean(name, names)}")
    return {setting.name: _read(setting, environment) for setting in SETTINGS}
