"""The queue on PostgreSQL: a bell is heard at once, and no two clusters look at the same task.

django-q2's own broker polls and races; both stay as they are on SQLite, where this is not used.
The rows are the same, so the queue's page reads them whichever broker is at work.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.functions import Now
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

# Not longer: it is also how late a task is that became free without a bell, and how long a
# cluster that was told to stop still listens.
LISTEN_SECONDS = 1.0

# An array is made once; a join with IN may ask again for each row, and take more than asked for.
TAKE = f"""
UPDATE {OrmQ._meta.db_table} SET lock = clock_timestamp() + %s * interval '1 second'
WHERE id = ANY(ARRAY(
  SELECT id FROM {OrmQ._meta.db_table} WHERE key = %s AND lock <= clock_timestamp()
  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
RETURNING id, payload
"""


class ListeningBroker(ORM):
    """Takes tasks in their order with SKIP LOCKED; waits for the next one with LISTEN."""

    _listens_on: Any = None  # the driver's connection: a new one has to be told again

    def enqueue(self, task: str) -> int:
        """Write it and ring, both when the caller's transaction commits."""
        key = self.list_key or Conf.CLUSTER_NAME
        row = self.get_connection().create(key=key, payload=task, lock=Now())
        with connections[Conf.ORM].cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [self._channel])
        return int(row.pk)

    def dequeue(self) -> list[tuple[int, str]] | None:
        """The next tasks; None after a while in which there was none."""
        self.get_connection()  # which closes one that is too old
        connection = connections[Conf.ORM]
        with connection.cursor() as cursor:
            if self._listens_on is not connection.connection:
                cursor.execute(f"LISTEN {connection.ops.quote_name(self._channel)}")
                self._listens_on = connection.connection
            cursor.execute(TAKE, [Conf.RETRY, self.list_key, Conf.BULK])
            if tasks := sorted(cursor.fetchall()):
                return tasks
        with connection.wrap_database_errors:
            for _bell in connection.connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                pass
        return None

    @property
    def _channel(self) -> str:
        return f"q2_{self.list_key or Conf.CLUSTER_NAME}"[:63]
