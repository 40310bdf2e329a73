#!/usr/bin/env bash
# openai 3.52.0 (Python): a stream that was told to be over and one that broke off look the same; so do other things.
#
# Seen (a server on loopback, Python 3.11, chat.completions.create(stream=True)):
#   text, then `data: [DONE]`, no finish_reason            chunks with the text, then the iteration ends
#   text, then the connection closes, no [DONE]            exactly the same: nothing says that the answer is half
#   200 application/json with a whole chat.completion      no chunk, no error: the answer that was paid for is gone
#   200 application/json with {"error": {...}}             no chunk, no error
#   `data: {"error": "text"}`                              APIError "An error occurred during streaming": no words
#   `data: {"object": "error", "message": "text"}`         a chunk whose choices are None, no error (vLLM's form)
#   `event: error` with text behind it                     json.JSONDecodeError
#   delta.content as a list of parts (thinking models)     handed on as it is: a list where the type says str
#   400 with [{"error": {"message": "text"}}] (Google)     BadRequestError "Error code: 400": no words, param is None
#
# The usual wrong guess: that an iteration which ends without an exception brought the whole answer, that the absence of
# finish_reason shows a broken connection, and that str(error) has the server's words.
#
# Exits 0 while this is so, and 1 when one of the lines above no longer holds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check openai==3.52.0

cat >"$work/look.py" <<'PYTHON'
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import openai


def piece(content, finish=None):
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


WHOLE = {
    "id": "x", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Toys."}, "finish_reason": "stop"}],
}
STREAM, JSON = "text/event-stream", "application/json"
PARTS = [{"type": "text", "text": "Toys."}]
CASES = {
    "text and [DONE]": (200, STREAM, piece("Toys") + b"data: [DONE]\n\n", "['Toys']"),
    "text and no [DONE]": (200, STREAM, piece("Toys"), "['Toys']"),
    "a whole answer as JSON": (200, JSON, json.dumps(WHOLE).encode(), "[]"),
    "an error as JSON": (200, JSON, b'{"error": {"message": "no toys"}}', "[]"),
    "error as text": (200, STREAM, b'data: {"error": "no toys"}\n\n', "APIError: An error occurred during streaming"),
    "object error": (200, STREAM, b'data: {"object": "error", "message": "no toys"}\n\n', "['no choices']"),
    "event: error": (200, STREAM, b"event: error\ndata: no toys\n\n", "JSONDecodeError"),
    "a list of parts": (200, STREAM, piece(PARTS) + b"data: [DONE]\n\n", str([PARTS])),
    "400 with a list": (400, JSON, b'[{"error": {"message": "no toys"}}]', "BadRequestError: Error code: 400"),
}


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        status, kind, body, _ = CASES[self.headers["authorization"].removeprefix("Bearer ")]
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def seen(case, url):
    client = openai.OpenAI(base_url=url, api_key=case, max_retries=0)
    try:
        chunks = list(client.chat.completions.create(model="m", messages=[{"role": "user", "content": "?"}], stream=True))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return str([chunk.choices[0].delta.content if chunk.choices else "no choices" for chunk in chunks])


server = HTTPServer(("127.0.0.1", 0), Server)
Thread(target=server.serve_forever, daemon=True).start()
changed = False
for case, (*_, expected) in CASES.items():
    found = seen(case, f"http://127.0.0.1:{server.server_port}/v1")
    holds = found.startswith(expected) and "no toys" not in found
    changed = changed or not holds
    print(f"{'as told' if holds else 'CHANGED':8} {case}: {found}")
sys.exit(changed)
PYTHON
env -u HTTP_PROXY -u HTTPS_PROXY -u ALL_PROXY -u http_proxy -u https_proxy -u all_proxy "$work/venv/bin/python" "$work/look.py"
