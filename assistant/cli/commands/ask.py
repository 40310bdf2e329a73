"""`assistant ask`: an answer from the papers, streamed, with its sources."""

import asyncio
from collections.abc import Mapping

import click

from assistant.cli.options import (
    AskOptions,
    Invocation,
    add_ask_options,
    common_options,
    filter_options,
    filters_of,
    invocation,
    is_strict,
    json_option,
    model_option,
    sample_option,
)
from assistant.errors import UsageError
from assistant.papers import clean_text


@click.command("ask", short_help="Answer a question from the papers, with citations.")
@click.argument("question", nargs=-1, required=True)
@add_ask_options
@filter_options
@model_option
@json_option
@sample_option
@common_options
def command(question: tuple[str, ...], model: str | None, as_json: bool, **options: object) -> int:
    """Answer QUESTION from the papers of the library; every sentence is held against the paper that it cites.

    Days, organizations and upvotes that the question names narrow the search. When the papers do not tell, the answer
    says so and names those that come closest; the exit code is 3 then.
    """
    text = clean_text(" ".join(question))
    ask_options = AskOptions.of(options)
    return asyncio.run(_ask(invocation(), text, ask_options, model, as_json=as_json, options=options))


async def _ask(
    called: Invocation,
    question: str,
    ask_options: AskOptions,
    model: str | None,
    *,
    as_json: bool,
    options: Mapping[str, object],
) -> int:
    from assistant.cli.arguments import require_papers
    from assistant.cli.render.answer import end_of, show_answer

    if not question:
        raise UsageError("The question is empty.", 'Write it behind the command: assistant ask "what is …?"')
    filters = filters_of(options)
    async with called.container() as container:
        require_papers(container)
        answerer = container.answerer(container.model(model), **ask_options.answering)
        answer = answerer.ask(
            question, filters, ask_options.papers, ignored=ask_options.ignored, today=ask_options.today
        )
        strict = is_strict(ask_options.check, container.config)
        return end_of(await show_answer(answer, as_json=as_json, strict=strict))
