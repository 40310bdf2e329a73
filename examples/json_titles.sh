#!/usr/bin/env bash
# One object of JSON from a command, read by another program: upvotes and titles of a search, tab separated.
#
#   json_titles.sh WORDS [OPTIONS of `assistant search`]
#
# `assistant schema search` prints the JSON Schema of the object.
set -euo pipefail

assistant search --json "$@" | python3 -c '
import json, sys
for hit in json.load(sys.stdin)["hits"]:
    print(hit["upvotes"], hit["title"], sep="\t")
'
