"""Keeps a copy of all trials true: `python follow.py copy.json`, as often as you like.

The first time fetches everything, every other time only what changed since.
"""

import json
import os
import sys
from pathlib import Path

import requests

SITE = os.environ.get("SITE", "http://127.0.0.1:8000")
FILE = Path(sys.argv[1])

copy = json.loads(FILE.read_text()) if FILE.exists() else {"cursor": "", "trials": {}}
more = True
while more:
    params = {"since": copy["cursor"], "page_size": 1000}
    response = requests.get(f"{SITE}/api/v1/changes/", params=params, timeout=60)
    if response.status_code == 410:  # the catalogue was filled anew: begin again
        copy = {"cursor": "", "trials": {}}
        continue
    response.raise_for_status()
    page = response.json()
    for row in page["results"]:
        if row["gone"]:
            copy["trials"].pop(str(row["key"]), None)
        else:
            copy["trials"][str(row["key"])] = row["trial"]
    copy["cursor"], more = page["cursor"], page["next"]
FILE.write_text(json.dumps(copy))
print(len(copy["trials"]), "trials")
