#!/bin/sh
# Trials by cell source and country: sh trials.sh adipose CN (needs curl).
# The second time only what changed is sent: the server is asked whether the page still holds.

site=${SITE:-http://127.0.0.1:8000}
page=trials.json

curl --silent --show-error --fail-with-body --get --compressed \
  --etag-save trials.etag --etag-compare trials.etag --output "$page" \
  --data-urlencode "cell_source=$1" --data-urlencode "country=$2" \
  --data "fields=id,title,status" --data "page_size=1000" --data "cursor=" \
  "$site/api/v1/trials/" || exit 1
cat "$page"
