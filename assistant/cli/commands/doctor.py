"""`assistant doctor`: every part checked, each with what to do when it is not as it should be."""

import asyncio

import click

from assistant.cli import console
from assistant.cli.options import common_options, invocation, json_option

_MARKS = {"ok": "✓", "note": "~", "wrong": "✗"}


@click.command("doctor", short_help="Check everything and say what to do.")
@json_option
@common_options
def command(as_json: bool) -> None:
    """Check configuration, folders, assets, models, library and feed; the exit code is 1 when something is wrong."""
    from assistant.errors import AssistantError

    if not asyncio.run(_doctor(as_json=as_json)):
        raise AssistantError("Something is wrong.", "The lines marked ✗ say what to do.")


async def _doctor(*, as_json: bool) -> bool:
    from assistant.services import diagnose, diagnosis_json

    async with invocation().container() as container:
        findings = [finding async for finding in diagnose(container)]
    if as_json:
        console.write_json(diagnosis_json(findings))
    else:
        for finding in findings:
            console.write(f"{_MARKS[finding.state]} {finding.part:<14} {finding.message}")
            if finding.remedy:
                console.write(f"  {'':<14} {console.dim(finding.remedy)}")
    return all(finding.state != "wrong" for finding in findings)
