#!/usr/bin/env bash
# pygal 3.1.3: the axis of a chart of small whole counts.
#
# Behaviour: it is divided at fractions whatever the values are, and a formatter for whole numbers (no decimals) then
# writes one label several times over. Neither the formatter nor integer values make the steps whole; only y_labels do.
# Output seen: counts 0 to 3 with "{:,.0f}": 0 0 0 1 1 1 1 1 2 2 2 2 2 3 3 3; with y_labels=range(4): 0 1 2 3.
# The usual wrong guess: that an axis of whole numbers is labelled at whole numbers, each once.
#
# Needs Python 3.11 or newer and pip; installs into a temporary folder. Exits 0 while the behaviour is as told here,
# 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install 'pygal==3.1.3' 2>/dev/null
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from xml.etree import ElementTree as ET

import pygal


def labels(**options: object) -> list[str]:
    chart = pygal.Bar(value_formatter=lambda count: f"{count:,.0f}", js=(), **options)
    chart.add("papers", [3, 0, 2, 1])
    root = ET.fromstring(chart.render(is_unicode=True, disable_xml_declaration=True))
    axes = [group for group in root.iter() if group.get("class", "").split()[:2] == ["axis", "y"]]
    return [text.text or "" for axis in axes for text in axis.iter() if text.tag.endswith("text")]


default, named = labels(), labels(y_labels=range(4))
print("labels as they come:", *default)
print("labels with y_labels:", *named)
sys.exit(0 if len(default) > len(set(default)) and named == ["0", "1", "2", "3"] else 1)
PY
