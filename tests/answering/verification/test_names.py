"""Names are told from words, and found in other spellings."""

import pytest

from assistant.answering.verification.facts import KnownNames, missing_names, names

SOURCE = "FooNet uses reinforcement learning from human feedback (PPO) on Qwen 2.5 7B and ImageNet with Transformers."


def test_coined_words_and_capitals_within_a_sentence_are_names() -> None:
    found = {name.written: name.coined for name in names("Recent work compares FooNet, GPT-4 and Llama with LLMs.")}

    assert found == {"FooNet": True, "GPT-4": True, "Llama": False}


@pytest.mark.parametrize("claim", ["foonet", "FooNets", "Qwen2.5-7B", "RLHF", "PPO", "a Transformer", "Image-Net"])
def test_another_spelling_is_known(claim: str) -> None:
    assert missing_names(names(claim), KnownNames(SOURCE)) == ()


@pytest.mark.parametrize("claim", ["BarNet", "GPT-4", "RLAIF", "ImageNet-21k", "trained by Mistral"])
def test_another_name_is_missed(claim: str) -> None:
    assert len(missing_names(names(claim), KnownNames(SOURCE))) == 1
