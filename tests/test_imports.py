"""How modules import each other: in no circle, and other packages by their public names alone.

Imports inside functions and for types alone count.
"""

import ast
import importlib
import inspect
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import assistant

_HOUSE = Path(assistant.__file__).parent
_SURFACES = {".".join(("assistant", *stub.parent.relative_to(_HOUSE).parts)) for stub in _HOUSE.rglob("__init__.pyi")}
_ENTRY_POINT = "assistant.__main__ -> assistant.cli.main"


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("assistant")
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    for package in _SURFACES:
        imported[package] |= _offering_modules(package)
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from error


def test_packages_are_imported_by_their_public_names() -> None:
    graph = grimp.build_graph("assistant")
    past = [
        f"{module} -> {imported}"
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if _package(module) != _package(imported) and _package(imported) and imported not in _SURFACES
    ]
    assert sorted(past) == [_ENTRY_POINT]


@pytest.mark.parametrize("package", sorted(_SURFACES))
def test_public_names_are_there(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__
    assert [name for name in module.__all__ if inspect.ismodule(getattr(module, name, module))] == []


def _package(module: str) -> str:
    """The package at the top of ``assistant`` that a module belongs to; "" for the ground floor."""
    top = ".".join(module.split(".")[:2])
    return top if (_HOUSE / top.rpartition(".")[2]).is_dir() and top != "assistant" else ""


def _offering_modules(package: str) -> set[str]:
    """The modules whose names a package offers: who imports from it may load any of them."""
    stub = ast.parse(_HOUSE.joinpath(*package.split(".")[1:], "__init__.pyi").read_text(encoding="utf-8"))
    return {f"{package}.{node.module}" for node in stub.body if isinstance(node, ast.ImportFrom)}
