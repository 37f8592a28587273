"""Real study records, for the tests marked `records`."""

from tests.trials.registry.conftest import real_records

__all__ = ["real_records"]
