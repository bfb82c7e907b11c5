"""What every test may use: one throw-away PostgreSQL a session, and the shared corpus where it is at hand."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files; review the difference before committing")


def pytest_configure() -> None:
    """Django before the first test module is read: models cannot be imported without it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wasl.app.settings")
    import django

    django.setup()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The official test files, beside the repository; a test that needs them is skipped without them."""
    folder = REPOSITORY.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus is not beside this repository (../shared/corpus)")
    return folder


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """What one test spent of a visitor's tries is not missing in the next: all come from 127.0.0.1, in one process."""
    from wasl.app.ui.limits import forget_all

    forget_all()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """An embedded PostgreSQL of this session: fast, not durable, gone afterwards. Or one that a test of tests lends to its runs."""
    if lent := os.environ.get("WASL_TEST_DATABASE_URL"):
        yield lent
        return
    from wasl.pg.supervisor import Cluster

    folder = Path(tempfile.mkdtemp(prefix="wasl-test-pg-"))
    cluster = Cluster(folder, durable=False).start()
    try:
        yield cluster.url
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def installation_dir() -> Iterator[Path]:
    """The data directory of the installation under test: keys, certificates, checkpoints."""
    folder = Path(tempfile.mkdtemp(prefix="wasl-test-data-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str, installation_dir: Path) -> None:
    """Point Django at the session's cluster and at a data directory of its own, before the tables are made."""
    from django.conf import settings
    from django.db import connections

    from wasl.app.settings import _database  # pyright: ignore[reportPrivateUsage]
    from wasl.app.tenancy import keys
    from wasl.seal import masterkey

    masterkey.generate(installation_dir / "master.key")
    settings.CONFIG = dataclasses.replace(
        settings.CONFIG, data_dir=str(installation_dir), master_key="", master_key_file="", checkpoint_dir="", database_url=database_url
    )
    keys.forget()
    wanted = _database(database_url)
    connections["default"].settings_dict.update(wanted)
    settings.DATABASES["default"].update(wanted)
    _let_flush_past_the_triggers()


def _let_flush_past_the_triggers() -> None:
    """Issued rows refuse TRUNCATE; only here, as the cluster's superuser, does the cleaning of a test go around that."""
    from django.db import connection
    from django.test import TransactionTestCase

    clean = TransactionTestCase._fixture_teardown

    def teardown(self: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        try:
            clean(self)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET session_replication_role")

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _own_checkpoints(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A second store for each test that has a database: tables are rolled back after a test, signed checkpoints are not."""
    if "db" not in request.fixturenames and "transactional_db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        return
    from django.conf import settings

    settings.CONFIG = dataclasses.replace(settings.CONFIG, checkpoint_dir=str(tmp_path_factory.mktemp("checkpoints")))


@pytest.fixture(autouse=True)
def _real_clock() -> Iterator[None]:
    """No test leaves its clock to the next one."""
    yield
    from wasl.app import clock

    clock.set_source(None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts that tests want seen, also from a worker process: `record_property("count", text)`."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "count" and report.when == "call":
                    terminalreporter.write_line(value)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long text or file is named by its parameter and number: an archive made a second later has other bytes, and no other name."""
    return argname if isinstance(val, str | bytes) and len(val) > 60 else None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tests of one group run in one process and share what they made; a pytest that loses the groups makes it twice and takes minutes more."""
    if not getattr(session.config.option, "loadgroup", False):
        return
    lost = [item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if lost:
        raise pytest.UsageError(f"xdist does not see the groups of {len(lost)} tests ({lost[0]}): use the versions of requirements/dev.txt")
