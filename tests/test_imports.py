"""No file imports itself by way of others; imports inside functions and for types alone count."""

from graphlib import CycleError, TopologicalSorter

import grimp

_PUBLIC = ("assistant", "assistant.services.assistant")
"""`from assistant import Assistant`, loaded when a program asks for it."""


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("assistant")
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    imported[_PUBLIC[0]] -= {_PUBLIC[1]}
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from error
