#!/usr/bin/env bash
# A digest of what is new, for cron: a page a day and an Atom feed, both in one folder.
#
#   cron_digest.sh FOLDER [OPTIONS of `assistant today`]
#   30 7 * * 1-5  /path/to/cron_digest.sh ~/digests --profile robotics
#
# It ends with 0 also when there is nothing new; every other failure keeps its exit code, so that cron reports it.
# `assistant schedule` prints a crontab line and a systemd timer with retries, where a script of your own is not needed.
set -euo pipefail

folder="${1:?name the folder of the digests}"
shift
mkdir -p "$folder"

code=0
assistant today --new --out "$folder/$(date +%F).html" --atom "$folder" "$@" || code=$?
if [[ $code == 8 ]]; then # nothing new
	code=0
fi
exit "$code"
