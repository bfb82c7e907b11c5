"""The same installations as for the seals: a log without seals proves no invoice."""

from tests.seal.conftest import bundle, home, stranger

__all__ = ["bundle", "home", "stranger"]
