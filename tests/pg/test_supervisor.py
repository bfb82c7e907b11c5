"""The embedded PostgreSQL: any path, one owner, adopted after its starter was killed."""

import os
import signal
import subprocess
import sys
import textwrap

import psycopg
import pytest

from wasl.errors import EnvironmentFault
from wasl.pg import Cluster, DataDirectoryBusy

ODD_NAMES = ["with space", "بيانات وصل", "q'uote\"s", "l" * 120]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_starts_in_any_path_and_keeps_its_data(tmp_path, name):
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)

    with Cluster(home / name, durable=False) as cluster, psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (x int)")
    with Cluster(home / name, durable=False) as cluster, psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)

    assert home.stat().st_mode & 0o777 == 0o700


def test_t93_a_second_owner_is_refused_in_one_line(tmp_path):
    with Cluster(tmp_path / "d", durable=False), pytest.raises(DataDirectoryBusy) as refusal:
        Cluster(tmp_path / "d", durable=False).start()

    assert str(os.getpid()) in str(refusal.value)
    assert "\n" not in refusal.value.message("ar")


def test_a_server_whose_starter_was_killed_is_adopted_not_doubled(tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import time
            from wasl.pg import Cluster
            Cluster({str(tmp_path / "d")!r}, durable=False).start()
            print("up", flush=True)
            time.sleep(600)
        """)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert starter.stdout is not None and starter.stdout.readline() == b"up\n"
    starter.send_signal(signal.SIGKILL)
    starter.wait()

    cluster = Cluster(tmp_path / "d", durable=False)
    before = cluster._server_pid()
    with cluster, psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert cluster._server_pid() == before
    assert not cluster.is_running()


def test_attach_uses_the_running_server_and_leaves_it_running(tmp_path):
    with Cluster(tmp_path / "d", durable=False) as owner:
        guest = Cluster(tmp_path / "d", durable=False).attach()
        guest.stop()

        assert owner.is_running()


def test_the_last_one_to_leave_stops_the_server(tmp_path):
    first = Cluster(tmp_path / "d", durable=False).attach()
    second = Cluster(tmp_path / "d", durable=False).attach()

    first.stop()
    assert second.is_running()

    second.stop()
    assert not second.is_running()


def test_no_tcp_port_fsync_on_and_the_socket_folder_is_private(tmp_path):
    with Cluster(tmp_path / "d") as cluster, psycopg.connect(cluster.url) as connection:
        def setting(name: str) -> str:
            return connection.execute(f"SHOW {name}").fetchone()[0]

        assert setting("listen_addresses") == ""
        assert (setting("fsync"), setting("full_page_writes"), setting("server_encoding")) == ("on", "on", "UTF8")
        assert cluster.socket_dir().stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_place_of_the_directory_is_one_clear_line(tmp_path):
    (tmp_path / "d").write_text("not a folder")

    with pytest.raises(EnvironmentFault) as fault:
        Cluster(tmp_path / "d").start()

    assert fault.value.exit_code == 5


def test_t115_the_servers_log_quotes_nobody(tmp_path):
    with Cluster(tmp_path / "d", durable=False) as cluster, psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (email text PRIMARY KEY, code varchar(2))")
        connection.execute("INSERT INTO people VALUES ('lies@example.com', 'a')")
        for statement in ("INSERT INTO people VALUES ('lies@example.com', 'a')", "INSERT INTO people VALUES ('dana@example.com', 'too long')"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)

    written = (tmp_path / "d" / "postgres.log").read_text()
    assert "duplicate key" in written and "example.com" not in written
