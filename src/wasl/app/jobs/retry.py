"""Retry policies: how often and how long, by what kind of trouble it is."""

from __future__ import annotations

from procrastinate import RetryStrategy

# A peer that is down: 10 s, 20 s, 40 s ... about three days in all, as webhooks and mail servers expect
PATIENT = RetryStrategy(max_attempts=16, wait=5, exponential_wait=2)
# A lost race or a busy row: soon again, then it is a fault that somebody must see
QUICK = RetryStrategy(max_attempts=5, wait=1, linear_wait=2)
