#!/usr/bin/env bash
# onnxruntime 1.31.1 on Linux: its telemetry starts with the import, and its own switch comes too late.
#
# Seen (wheel of x86-64, Python 3.11, an empty HOME):
#   import onnxruntime                                      deviceid and onnxruntime.db in
#                                                           ~/.cache/Microsoft/DeveloperTools/.onnxruntime
#   import, then disable_telemetry_events() at once         the same two files: the queue is written already
#   ORT_DISABLE_TELEMETRY=1 (true, yes, on) before it       nothing
#   os.environ["ORT_DISABLE_TELEMETRY"] = "1" before it     nothing: setting it in the process is early enough
#   ORT_DISABLE_TELEMETRY=0 (false, 2, empty)               the two files
#   CI=true                                                 nothing: a test on a CI machine sees no telemetry at all
#   XDG_CACHE_HOME=DIR                                      the two files below DIR
# Where the process lives on, a thread of the library looks up mobile.events.data.microsoft.com some ten seconds after
# the import (strace shows it; this script looks at files alone, so that it needs no network). Python's audit events see
# none of this: file and socket are opened by native code.
#
# The usual wrong guess: that `onnxruntime.disable_telemetry_events()` behind the import switches it off, as for the
# wheels of Windows, or that a test which forbids Python sockets would notice.
#
# Exits 0 while this is so, and 1 when one of the lines above no longer holds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check onnxruntime==1.31.1

failed=0
# expect WRITES|SILENT DESCRIPTION CODE [VARIABLE=VALUE...]: run code in an empty home that knows these variables alone.
expect() {
	local wanted=$1 what=$2 code=$3 seen=SILENT
	shift 3
	rm -rf "$work/home" && mkdir "$work/home"
	env -i PATH="$PATH" HOME="$work/home" "$@" "$work/venv/bin/python" -c "$code"
	if [[ -n $(find "$work/home" -type f) ]]; then seen=WRITES; fi
	printf '%-7s %s\n' "$seen" "$what"
	if [[ $seen != "$wanted" ]]; then
		echo "        expected: $wanted" >&2
		failed=1
	fi
}

expect WRITES "import" "import onnxruntime"
expect WRITES "import, then disable_telemetry_events()" "import onnxruntime; onnxruntime.disable_telemetry_events()"
for value in 1 true TRUE yes on; do
	expect SILENT "ORT_DISABLE_TELEMETRY=$value" "import onnxruntime" "ORT_DISABLE_TELEMETRY=$value"
done
for value in 0 false 2 ""; do
	expect WRITES "ORT_DISABLE_TELEMETRY=$value" "import onnxruntime" "ORT_DISABLE_TELEMETRY=$value"
done
expect SILENT "set in os.environ before the import" \
	"import os; os.environ['ORT_DISABLE_TELEMETRY'] = '1'; import onnxruntime"
expect SILENT "CI=true" "import onnxruntime" CI=true
expect WRITES "XDG_CACHE_HOME" "import onnxruntime" "XDG_CACHE_HOME=$work/home/elsewhere"
if [[ ! -f $work/home/elsewhere/Microsoft/DeveloperTools/.onnxruntime/deviceid ]]; then
	echo "XDG_CACHE_HOME is not followed any more" >&2
	failed=1
fi
exit "$failed"
