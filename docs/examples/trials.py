"""Trials by cell source and country, all pages: `python trials.py adipose CN` (needs requests).

With pandas installed they are a table (a DataFrame), else plain rows.
"""

import os
import sys

import requests

SITE = os.environ.get("SITE", "http://127.0.0.1:8000")


def trials(**question):
    """Each trial that fits; a list asks for any of its values."""
    address, params = f"{SITE}/api/v1/trials/", {**question, "page_size": 1000, "cursor": ""}
    while address:
        response = requests.get(address, params=params, timeout=60)
        if response.status_code == 400:
            sys.exit(response.json()["detail"])  # a misspelt name or value, in words
        response.raise_for_status()
        page = response.json()
        yield from page["results"]
        address, params = page["next"], None  # the next address has the whole question


rows = list(
    trials(cell_source=sys.argv[1], country=sys.argv[2], fields="id,title,status,start_date")
)
rows = [{**row, "title": row["title"]["en"]} for row in rows]
try:
    import pandas
except ImportError:
    print(*rows, sep="\n")
else:
    print(pandas.DataFrame(rows))
