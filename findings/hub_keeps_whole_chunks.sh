#!/bin/sh
# What a download by huggingface_hub keeps when the line is cut.
#
# Version: huggingface-hub 2.4.0 with httpx2 2.16.2, Python 3.11.
# Behaviour: `http_get` passes its body on in whole chunks of `DOWNLOAD_CHUNK_SIZE` (10 MiB). What came of a chunk when
#   the connection ends is thrown away, so the next request asks for the same place again. Over a line that is cut every
#   100 kB nothing is ever kept: every one of its six requests begins at byte 0, and it gives up with an empty file.
#   Nothing in the error says so. Smaller chunks keep what fits: with 64 KiB each connection brings 65,536 bytes.
# Output seen:
#   10240 KiB chunks: 6 requests, ranges [None, None, None, None, None, None], 0 bytes kept, RemoteProtocolError
#   64 KiB chunks: 4 requests, ranges [None, 'bytes=65536-', 'bytes=131072-', 'bytes=196608-'], 250000 bytes kept
# The usual wrong guess: that a download which "tries to resume" goes on after the last byte that arrived.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check huggingface-hub==2.4.0 httpx2==2.16.2
HF_HUB_DISABLE_TELEMETRY=1 HF_HUB_DISABLE_PROGRESS_BARS=1 NO_PROXY=127.0.0.1 "$folder/venv/bin/python" - "$folder" <<'PROGRAM'
import logging
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
from huggingface_hub import constants
from huggingface_hub.file_download import http_get

logging.disable(logging.WARNING)
time.sleep = lambda _seconds: None  # the second between two tries
BODY, CUT = bytes(range(250)) * 1000, 100_000
asked = []


class Handler(BaseHTTPRequestHandler):
    """Answers ranges as a file server does, and ends each connection after 100 kB of the body."""

    def do_GET(self):
        wanted = self.headers.get("Range")
        asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(BODY) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.end_headers()
        self.wfile.write(BODY[start : start + CUT])

    def log_message(self, *_arguments):
        """Say nothing."""


def kept(chunk_bytes):
    constants.DOWNLOAD_CHUNK_SIZE = chunk_bytes
    asked.clear()
    path, told = Path(sys.argv[1], f"{chunk_bytes}.part"), ""
    with path.open("wb") as file:
        try:
            http_get(address, file, expected_size=len(BODY))
        except httpx2.HTTPError as error:
            told = f", {type(error).__name__}"
    size = path.stat().st_size
    print(f"{chunk_bytes >> 10} KiB chunks: {len(asked)} requests, ranges {asked}, {size} bytes kept{told}")
    return size


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/file"
sizes = [kept(constants.DOWNLOAD_CHUNK_SIZE), kept(64 << 10)]
server.shutdown()
sys.exit(sizes != [0, len(BODY)])
PROGRAM
