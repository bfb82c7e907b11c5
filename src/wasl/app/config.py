"""Every setting of an installation, read once from the environment. docs/settings.md is tested against this table."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from wasl.errors import EnvironmentFault, Words

INSECURE_SECRET = "insecure-secret-for-a-machine-that-nobody-else-reaches"  # noqa: S105 - refused on a public address
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


_ORIGIN_WANTED = Words(
    "give an address such as https://invoices.example.com, without a path", "أعطِ عنوانًا مثل https://invoices.example.com بلا مسار"
)


class BadSetting(EnvironmentFault):
    code = "WASL-ENV-10"
    en = "The setting {name} is not usable: {reason}."
    ar = "قيمة الإعداد {name} غير صالحة: {reason}."


def setting(name: str, default: str, help_en: str, *, secret: bool = False) -> str:
    """A dataclass field that knows its environment variable, its default and what it is for."""
    return field(default=default, metadata={"name": name, "help": help_en, "secret": secret}, repr=not secret)


@dataclass(frozen=True)
class Config:
    """One installation's settings. Secrets are left out of `repr`, so no traceback or log shows them."""

    database_url: str = setting("DATABASE_URL", "", "PostgreSQL 15 or later; empty: the embedded one in the data directory", secret=True)
    data_dir: str = setting("WASL_DATA_DIR", "~/.wasl", "where the embedded database and the seller keys live")
    master_key: str = setting("WASL_MASTER_KEY", "", "the master key that wraps every other key, base64 of 32 bytes", secret=True)
    master_key_file: str = setting("WASL_MASTER_KEY_FILE", "", "a 0600 file with the master key; empty: master.key in the data directory")
    checkpoint_dir: str = setting("WASL_CHECKPOINT_DIR", "", "the second store of signed checkpoints; best on another disk; never in backups")
    origin: str = setting("WASL_ORIGIN", "http://127.0.0.1:8000", "the one public address of this installation")
    secret_key: str = setting("WASL_SECRET_KEY", "", "signs sessions and forms; empty: derived from the master key", secret=True)
    smtp_url: str = setting("WASL_SMTP_URL", "smtp://127.0.0.1:2525", "where mail leaves: smtp[s]://user:password@host:port", secret=True)
    imap_url: str = setting("WASL_IMAP_URL", "", "the mailbox that receives bounces and replies: imap[s]://user:password@host:port", secret=True)
    mail_hook_secret: str = setting("WASL_MAIL_HOOK_SECRET", "", "signs mail handed in at /hooks/mail; empty: no such door", secret=True)
    mail_from: str = setting("WASL_MAIL_FROM", "wasl@localhost", "the sender address of this installation")
    bank_url: str = setting("WASL_BANK_URL", "", "the sandbox bank")
    bank_key: str = setting("WASL_BANK_KEY", "", "our key at the bank", secret=True)
    bank_webhook_secret: str = setting("WASL_BANK_WEBHOOK_SECRET", "", "signs the bank's webhooks", secret=True)
    gateway_urls: str = setting("WASL_GATEWAY_URLS", "", "name=address,...: where a gateway is asked in place of its own address (a simulator)")
    scan_command: str = setting("WASL_SCAN_COMMAND", "", "a virus scanner: reads a file from its input, exit 0 clean, 1 infected (`clamdscan -`)")
    push_hosts: str = setting("WASL_PUSH_HOSTS", "", "host:port of push stand-ins, reached without https; ignored on a public address")
    signup: str = setting("WASL_SIGNUP", "closed", "open lets anybody create an account")
    debug: str = setting("WASL_DEBUG", "", "1 shows tracebacks; refused on a public address")
    log_level: str = setting("WASL_LOG_LEVEL", "info", "debug, info, warning or error")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        source = os.environ if environ is None else environ
        values = {f.name: source[f.metadata["name"]] for f in fields(cls) if source.get(f.metadata["name"])}
        config = cls(**values)
        parts = urlsplit(config.origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
            raise BadSetting(name="WASL_ORIGIN", reason=_ORIGIN_WANTED)
        return config

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser().absolute()

    @property
    def master_key_path(self) -> Path:
        return Path(self.master_key_file).expanduser() if self.master_key_file else self.data_path / "master.key"

    @property
    def checkpoint_path(self) -> Path:
        return Path(self.checkpoint_dir).expanduser().absolute() if self.checkpoint_dir else self.data_path / "checkpoints"

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def is_public(self) -> bool:
        """True where somebody else than this machine may reach us: unsafe settings are refused then."""
        return self.host not in LOCAL_HOSTS

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def is_debug(self) -> bool:
        return self.debug.lower() in {"1", "true", "yes", "on"}

    def django_secret(self) -> str:
        """The given secret, or one derived from the master key; else a constant that `wasl check` refuses in public."""
        if self.secret_key:
            return self.secret_key
        material = self.master_key.encode()
        if not material and self.master_key_path.is_file():
            material = self.master_key_path.read_bytes()
        if not material:
            return INSECURE_SECRET
        return hmac.new(hashlib.sha256(material.strip()).digest(), b"wasl/django-secret/v1", hashlib.sha256).hexdigest()

    def resolved_database_url(self) -> str:
        """DATABASE_URL, else the embedded cluster's own address; empty while no cluster has been made."""
        if self.database_url:
            return self.database_url
        from wasl.pg.supervisor import Cluster

        try:
            return Cluster(self.data_path).url
        except EnvironmentFault:
            return ""
