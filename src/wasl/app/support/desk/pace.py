"""How long answers take, measured: never a promise, and nothing left out that would spoil the figure.

    round            from a question (or the next one after a conversation was closed) to its end
    first answer     from the first word of the payer in a round to the first word of the seller after it, nights included
    resolution       from the same word to the end of the round
    waiting still    rounds that have no answer yet: counted beside the median, for they are not in it
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wasl.app import clock
from wasl.app.sql import run
from wasl.app.support.hours.say import days_in_order

WEEKS = 8

_ROUNDS = """
WITH said AS (
    SELECT m.conversation_id, m.side, m.act, m.at, m.id,
           count(*) FILTER (WHERE m.act IN ('resolved', 'withdrawn'))
               OVER (PARTITION BY m.conversation_id ORDER BY m.at, m.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS round
    FROM support_conversation c JOIN support_message m
      ON m.organisation_id = c.organisation_id AND m.invoice_id = c.invoice_id AND m.conversation_id = c.id
    WHERE c.organisation_id = %(org)s AND c.last_at >= %(since)s
), begun AS (
    SELECT *, min(at) FILTER (WHERE side = 'payer' AND act IN ('asked', 'disputed', 'said'))
                  OVER (PARTITION BY conversation_id, round) AS asked FROM said
), rounds AS (
    SELECT asked, min(at) FILTER (WHERE side = 'seller' AND at > asked) AS answered,
           max(at) FILTER (WHERE act IN ('resolved', 'withdrawn')) AS ended, bool_or(act = 'withdrawn') AS is_withdrawn
    FROM begun WHERE asked IS NOT NULL GROUP BY conversation_id, round, asked
)
"""
_WEEKS = _ROUNDS + """
SELECT (date_trunc('week', asked AT TIME ZONE %(zone)s + %(shift)s::interval) - %(shift)s::interval)::date AS week, count(*), count(answered),
       extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY answered - asked))::float8,
       extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY answered - asked))::float8,
       count(ended) FILTER (WHERE NOT is_withdrawn),
       extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY ended - asked) FILTER (WHERE NOT is_withdrawn))::float8,
       extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY ended - asked) FILTER (WHERE NOT is_withdrawn))::float8
FROM rounds WHERE asked >= %(since)s GROUP BY 1 ORDER BY 1 DESC
"""


@dataclass(frozen=True, slots=True)
class Week:
    """Rounds that began in a week. Spans are None where nothing was measured."""

    first: date
    asked: int
    answered: int
    answer_median: timedelta | None
    answer_p90: timedelta | None
    ended: int
    end_median: timedelta | None
    end_p90: timedelta | None

    @property
    def waiting(self) -> int:
        return self.asked - self.answered


def weeks(org: Any) -> list[Week]:
    """The last WEEKS weeks in which somebody asked, newest first; weeks begin as the country counts them."""
    begins_sunday = days_in_order(org.country)[0] == 6
    values = {"org": org.pk, "since": clock.now() - timedelta(weeks=WEEKS), "zone": org.time_zone, "shift": "1 day" if begins_sunday else "0 days"}
    return [
        Week(first, asked, answered, _span(a50), _span(a90), ended, _span(e50), _span(e90))
        for first, asked, answered, a50, a90, ended, e50, e90 in run(_WEEKS, values)
    ]


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=round(seconds))
