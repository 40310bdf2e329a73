"""Which questions want an overview of many papers."""

import json
from pathlib import Path

import pytest

from assistant.retrieval.query.intent import is_survey

SURVEYS = (
    "what do we know about grokking?",
    "what has been tried against hallucination in video LLMs?",
    "approaches to long-term memory in agents",
    "which methods exist for pruning vision transformers?",
    "an overview of text-to-motion generation",
    "recent papers on KV cache quantization",
    "literature on machine unlearning",
    "how do people evaluate role-playing agents?",
    "how to keep a world model consistent over minutes",
    "how good are VLMs at reading clocks?",
    "how can models be made to forget a fact?",
    "what causes loss spikes in pretraining?",
    "dialect speech recognition: datasets, models, challenges",
    "protein design with diffusion models",
)
OTHERS = (
    "how many parameters does the model have?",
    "what is the FID of DiT-XL on ImageNet?",
    "LayerSkip vs Kangaroo",
    "compare Mamba and RWKV on long inputs",
    "which dataset did they train on?",
    "does it work without fine-tuning?",
    "what does FooNet prune?",
    "which survey covers agents that improve themselves?",
    "what did the authors of the paper find?",
    "write me a poem about the sea",
    "give me a recipe for pancakes",
    "is the moon larger than Pluto?",
    "how long did the training take?",
    "GPT-4o",
    "",
    "?",
)


@pytest.mark.parametrize("question", SURVEYS)
def test_a_question_on_a_subject_at_large_is_a_survey(question: str) -> None:
    assert is_survey(question)


@pytest.mark.parametrize("question", OTHERS)
def test_a_question_for_one_fact_or_one_paper_is_none(question: str) -> None:
    assert not is_survey(question)


def test_the_evaluation_questions_are_told_apart(shared: Path) -> None:
    def share(name: str) -> float:
        rows = (shared / f"eval/daily_dev/{name}.jsonl").read_text().splitlines()
        return sum(is_survey(json.loads(row)["question"]) for row in rows) / len(rows)

    assert share("multi") >= 0.9
    assert share("known_item") <= 0.05
    assert share("compare") <= 0.05
