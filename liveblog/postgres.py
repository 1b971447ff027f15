"""A connection to PostgreSQL that does not wait for ever.

A statement has its limit in the server, and a line that is cut has the kernel's. A server that is stopped, or a line whose other end still
acknowledges and passes nothing on, has neither: there only the one who waits can end it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

# A little more than the server itself takes for a statement at most (`statement_timeout`): who is silent for longer is not at work on it.
ANSWER_SECONDS = 6.0


class Connection(psycopg.Connection[Any]):
    """Raises `psycopg.OperationalError` where no answer came within ANSWER_SECONDS, and is closed then: the pool makes another.

    With `takes_its_time` it waits as long as the server is at work, as a migration may be for minutes.
    """

    takes_its_time = False

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        limit = ANSWER_SECONDS if timeout is None and not self.takes_its_time else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # Whatever it answers now belongs to a question that nobody waits for any more.
                self.pgconn.finish()
            raise
