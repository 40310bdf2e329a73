#!/bin/sh
# rispy 0.10.0 (MIT): what it makes of RIS files that are valid.
#
# 1. A file that begins with a byte-order mark, as reference managers on Windows write UTF-8, loses its first
#    reference, unsaid: `rispy.load` opens it as UTF-8 and looks for a line that starts with "TY". A file of one
#    reference comes back as an empty list. Read as "utf-8-sig" it is whole.
# 2. An address with a semicolon (UR is a field of one address a line) comes back as two addresses.
#
# Usual wrong guess: that a file in UTF-8 either comes back whole or raises.
# Seen: "with mark: 1 of 2, alone: 0 of 1, as utf-8-sig: 2 of 2" and "addresses: 2 of 1".
# Exits with 1 when this is so no longer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "rispy==0.10.0"
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import rispy

one = "TY  - GEN\nTI  - Toy kites\nUR  - https://example.org/kites;view=1\nER  - \n\n"
two = one + one.replace("kites", "boats")
folder = Path(sys.argv[1])
(folder / "one.ris").write_text(one, encoding="utf-8-sig")
(folder / "two.ris").write_text(two, encoding="utf-8-sig")

marked = len(rispy.load(folder / "two.ris"))
alone = len(rispy.load(folder / "one.ris"))
unmarked = len(rispy.load(folder / "two.ris", encoding="utf-8-sig"))
addresses = len(rispy.loads(one)[0]["urls"])
print(f"with mark: {marked} of 2, alone: {alone} of 1, as utf-8-sig: {unmarked} of 2")
print(f"addresses: {addresses} of 1")
sys.exit((marked, alone, unmarked, addresses) != (1, 0, 2, 2))
PYTHON
