"""Writing and reading a backup: one dump of the database, the wrapped keys, and a manifest with the hash of each file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from wasl import __version__, files
from wasl.app import clock
from wasl.errors import EnvironmentFault, UnreadableInput, WaslError, Words
from wasl.pg.supervisor import binaries

DUMP, KEY_FOLDERS, MANIFEST = "database.dump", ("keys", "ca"), "manifest.json"


class TargetNotEmpty(WaslError):
    code = "WASL-BACKUP-01"
    en = "{path} is not empty. A backup needs a folder of its own; name a new one."
    ar = "المجلد {path} ليس فارغًا. تحتاج النسخة الاحتياطية إلى مجلد خاص بها؛ اختر اسمًا جديدًا."


class BackupDamaged(UnreadableInput):
    code = "WASL-BACKUP-02"
    en = "This backup is not whole: {what}. Use another copy; nothing was restored."
    ar = "هذه النسخة الاحتياطية غير سليمة: {what}. استعمل نسخة أخرى؛ لم يُستعد شيء."


class NotFresh(WaslError):
    code = "WASL-BACKUP-03"
    en = "This installation already holds data. Restore into a fresh data directory: wasl restore DIR --dir NEW."
    ar = "في هذا التثبيت بيانات. استعد النسخة في مجلد بيانات جديد: wasl restore DIR --dir NEW."


class DumpFailed(EnvironmentFault):
    code = "WASL-BACKUP-04"
    en = "{program} failed: {reason}. Nothing is half-done; mend the cause and try again."
    ar = "فشل البرنامج {program}: {reason}. لم يبقَ شيء ناقص؛ عالج السبب وأعد المحاولة."


@dataclass(frozen=True)
class Manifest:
    wasl: str
    made_at: str
    log_size: int
    sha256: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def total_bytes(self) -> int:
        return sum(self.sizes.values())


def write(target: Path) -> Manifest:
    """Write a whole backup to `target`, or leave nothing there."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TargetNotEmpty(path=str(target))
    work = target.with_name(f".{target.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(mode=0o700, parents=True)
        _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={work / DUMP}")
        for name in KEY_FOLDERS:
            if (folder := settings.CONFIG.data_path / name).is_dir():
                shutil.copytree(folder, work / name)
        manifest = _describe(work)
        files.write_atomic(work / MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True).encode(), mode=0o600)
        if target.exists():
            target.rmdir()
        os.replace(work, target)
    except OSError as error:
        raise files.DiskRefused(path=str(target), reason=files.system_words(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def read(source: Path) -> Manifest:
    """Bring `source` into this empty installation. Every hash is checked before anything is touched."""
    manifest = _verified(source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if cursor.fetchone()[0]:
            raise NotFresh()
    folders = [(source / name, settings.CONFIG.data_path / name) for name in KEY_FOLDERS]
    if any(ours.exists() and any(ours.iterdir()) for _, ours in folders):
        raise NotFresh()
    connection.close()
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _postgres("pg_restore", *options, database_option=True, last=str(source / DUMP))
    for theirs, ours in folders:
        if theirs.is_dir():
            shutil.copytree(theirs, ours, dirs_exist_ok=True)
            ours.chmod(0o700)
    return manifest


def _describe(folder: Path) -> Manifest:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: str(path.relative_to(folder)) for path in found}
    return Manifest(
        wasl=__version__,
        made_at=clock.now().isoformat(),
        log_size=_log_size(),
        sha256={names[path]: _sha256(path) for path in found},
        sizes={names[path]: path.stat().st_size for path in found},
    )


def _verified(source: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(files.read_bytes(source / MANIFEST)))
    except (ValueError, TypeError) as error:
        raise BackupDamaged(what=Words(f"{MANIFEST} cannot be read", f"تعذّرت قراءة {MANIFEST}")) from error
    for name, expected in manifest.sha256.items():
        path = (source / name).resolve()
        if not path.is_relative_to(source.resolve()) or not path.is_file():
            raise BackupDamaged(what=Words(f"{name} is missing", f"الملف {name} مفقود"))
        if _sha256(path) != expected:
            raise BackupDamaged(what=Words(f"{name} has changed since it was written", f"تغيّر الملف {name} بعد كتابته"))
    if DUMP not in manifest.sha256:
        raise BackupDamaged(what=Words(f"{DUMP} is missing", f"الملف {DUMP} مفقود"))
    return manifest


def _log_size() -> int:
    from wasl.app.proofs.models import Head

    return sum(Head.objects.values_list("size", flat=True))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _postgres(program: str, *options: str, database_option: bool = False, last: str | None = None) -> None:
    """Run a PostgreSQL client program; the password goes by environment, never on a command line that others can see."""
    parts = conninfo_to_dict(settings.CONFIG.resolved_database_url())
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    environment |= {variable: str(parts[key]) for key, variable in names.items() if parts.get(key)}
    arguments = [*options, *([f"--dbname={environment['PGDATABASE']}"] if database_option else []), *([last] if last else [])]
    done = subprocess.run([str(binaries() / program), *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise DumpFailed(program=program, reason=lines[-1] if lines else f"exit {done.returncode}")
