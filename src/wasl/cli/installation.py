"""An installation on this machine: its data directory, secrets, database and environment.

Everything that a first start needs is made here, once, with the right permissions: the master key and the session secret
(0600 files, random), the embedded PostgreSQL unless DATABASE_URL names another, the tables. Children get it by environment.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from wasl.errors import EnvironmentFault
from wasl.pg import Cluster


class NoInstallation(EnvironmentFault):
    code = "WASL-ENV-07"
    en = "There is no Wasl installation in {directory} yet. Begin one with `wasl serve` or `wasl org add`, or choose another directory with --dir."
    ar = "لا تثبيت لوصل في {directory} بعد. ابدأ واحدًا بالأمر `wasl serve` أو `wasl org add`، أو اختر مجلدًا آخر بالخيار --dir."


def default_dir() -> Path:
    """WASL_DATA_DIR, else ~/.wasl, as in `wasl.app.config`."""
    return Path(os.environ.get("WASL_DATA_DIR") or "~/.wasl").expanduser()


def secret(data_dir: Path, name: str) -> str:
    """The installation's own secret `name`: 32 random bytes in base64, made at first use, in a 0600 file."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()


def environment(data_dir: Path, cluster: Cluster | None, *, make_secrets: bool = True) -> dict[str, str]:
    """The settings of this installation; what the operator has set already wins."""
    data_dir = data_dir.absolute()
    wanted = {
        "WASL_DATA_DIR": str(data_dir),
        "WASL_SECRET_KEY": secret(data_dir, "session.key"),
        "DJANGO_SETTINGS_MODULE": "wasl.app.settings",
    }
    if "WASL_MASTER_KEY" not in os.environ and "WASL_MASTER_KEY_FILE" not in os.environ:
        if make_secrets:  # a restore must be given the old master key; a new one could open nothing
            secret(data_dir, "master.key")
        wanted["WASL_MASTER_KEY_FILE"] = str(data_dir / "master.key")
    if cluster is not None:
        wanted["DATABASE_URL"] = cluster.url
    return wanted | {key: os.environ[key] for key in wanted if key in os.environ and key not in {"WASL_DATA_DIR"}}


@contextlib.contextmanager
def database(data_dir: Path, *, own: bool = False) -> Iterator[Cluster | None]:
    """The embedded PostgreSQL of `data_dir`, or None where DATABASE_URL names another one.

    own=True takes the directory (serve, demo) and refuses a second owner; else a running server is shared.
    """
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    cluster = Cluster(data_dir)
    cluster.start() if own else cluster.attach()
    try:
        yield cluster
    finally:
        cluster.stop()


@contextlib.contextmanager
def opened(
    data_dir: Path | None = None, *, own: bool = False, migrate: bool = True, make_secrets: bool = True, existing: bool = False
) -> Iterator[Path]:
    """Database up, environment set, Django ready, tables there: for commands that use the services in process.

    existing=True makes nothing: where there is no installation it raises NoInstallation and leaves the disk as it was.
    """
    directory = (data_dir or default_dir()).absolute()
    if existing and "DATABASE_URL" not in os.environ and not (directory / "pg").is_dir():
        raise NoInstallation(directory=directory)
    with database(directory, own=own) as cluster:
        os.environ.update(environment(directory, cluster, make_secrets=make_secrets))
        import django

        django.setup()
        if migrate:
            migrate_tables()
        elif existing and not _has_tables():
            raise NoInstallation(directory=directory)
        yield directory


def migrate_tables() -> None:
    """Bring the tables up to date; silent where nothing is to do."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _has_tables() -> bool:
    from wasl.app.sql import run

    return bool(run("SELECT to_regclass('tenancy_organisation') IS NOT NULL")[0][0])
