"""Proposed research directions on the terminal."""

from assistant.cli import console
from assistant.cli.render.sources import source_head
from assistant.reports.ideas.values import Idea, Ideas

PROPOSALS = "Proposals of a language model, not findings: only what they build on is taken from the papers."


def ideas_text(ideas: Ideas) -> str:
    """Every idea with its grounds and what is nearest to it, then the papers."""
    titles = {source.number: source.paper.paper.title for source in ideas.sources}
    lines = [console.wrapped(PROPOSALS)]
    for place, idea in enumerate(ideas.ideas, start=1):
        lines += ["", *_idea_lines(place, idea, titles)]
    used = {citation.number for idea in ideas.ideas for citation in idea.grounds}
    used |= {idea.nearest.number for idea in ideas.ideas if idea.nearest}
    lines += ["", console.strong("Papers")]
    for source in ideas.sources:
        if source.number in used:
            lines += source_head(source)
    return "\n".join(lines)


def summary_line(ideas: Ideas) -> str:
    """How the ideas came about: "8 candidates by tiny (local) from 8 papers; not shown: 2 too like another one"."""
    made = (
        f"{ideas.candidates} candidates by {ideas.writer.name} ({ideas.writer.kind}) from {len(ideas.sources)} papers"
    )
    told = f"; not shown: {', '.join(ideas.dropped.told)}" if ideas.dropped.told else ""
    return made + told + (f"; {ideas.incomplete}" if ideas.incomplete else "")


def _idea_lines(place: int, idea: Idea, titles: dict[int, str]) -> list[str]:
    stated = "" if idea.probability is None else console.dim(f"  stated probability {idea.probability:.2f}")
    lines = [f"{place}. {console.strong(idea.title)}{stated}", console.wrapped(idea.text, "   ")]
    for citation in idea.grounds:
        lines.append(console.wrapped(f"builds on [{citation.number}] {titles[citation.number]}:", "   "))
        if citation.evidence:
            lines.append(console.wrapped(f"“{citation.evidence.text}”", "     "))
    if idea.nearest:
        near = idea.nearest
        said = f"close to [{near.number}], perhaps its own idea" if near.close else f"nearest paper [{near.number}]"
        lines.append(console.wrapped(f"{said} (similarity {near.similarity:.2f})", "   "))
    return [*lines, *(console.wrapped(f"unsure: {doubt}", "   ") for doubt in idea.doubts)]
