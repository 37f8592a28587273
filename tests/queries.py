"""Counts what a page asks of the database, once the process has its index."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from trials.search import current

_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SET TRANSACTION")


def price(client: Client, address: str) -> int:
    """The queries of the second of two like requests, without those that frame a transaction.

    Its test needs `transaction=True`: the index of what is not committed is nobody's, and it would
    be made anew for each request.
    """
    assert client.get(address).status_code == 200
    # Rows that were made ready, and names that were looked up, are no part of the price.
    current().parts.clear()
    current().sponsors.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len([query for query in queries if not query["sql"].startswith(_OF_TRANSACTIONS)])
