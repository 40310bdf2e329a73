"""Languages: told by small rules, glossed for the search, spoken in fixed phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.languages import ENGLISH, in_english, known_languages, language_of, listed, say, wanted_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Was ist FooNet und wie funktioniert es?", "de"),
        ("Grenzen von FooNet", "de"),
        ("Was macht FooNet?", "de"),
        ("FooNet oder BarBench: welches ist schneller?", "de"),
        ("Comment fonctionne FooNet, c'est quoi ?", "fr"),
        ("Quelles sont les limites de FooNet ?", "fr"),
        ("FooNet 和 BarBench 有什么区别?", "zh"),
        ("它需要多少显存？", "zh"),
        ("what was the die made of in the war?", "en"),
        ("tell me about FooNet pls", "en"),
        ("FooNet vs BarBench", "en"),
        ("FooNet", "en"),
        ("", "en"),
        ("フーネットは何ですか", "en"),  # not a language that is known: searched as it is
    ],
)
def test_a_language_is_told_by_script_and_function_words(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("what about in German", "de"),
        ("and in French, please?", "fr"),
        ("auf Deutsch bitte", "de"),
        ("en français svp", "fr"),
        ("请用中文", "zh"),
        ("what does it do in German courts?", None),
        ("is there a German data set", None),
    ],
)
def test_an_answer_can_be_wanted_in_a_language(question: str, language: str | None) -> None:
    assert wanted_language(question) == language


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Wie kann ein Sprachmodell Trainingsdaten vergessen?", "de", ("language model", "training data", "forget")),
        ("Wie viele Grafikkarten braucht FooNet-7B?", "de", ("how many", "GPU", "FooNet-7B")),
        ("Gibt es Wasserzeichen für Bilder?", "de", ("is there", "watermark", "images")),
        ("comment générer de la musique avec FooNet ?", "fr", ("how", "generate", "music", "FooNet")),
        ("l'apprentissage par renforcement pour un robot", "fr", ("robot",)),
        ("FooNet 和 BarBench 有什么区别?", "zh", ("FooNet and BarBench", "difference")),
        ("大语言模型如何忘记隐私数据", "zh", ("large language model", "forget", "private data")),
    ],
)
def test_questions_are_glossed_and_names_stay(question: str, language: str, words: tuple[str, ...]) -> None:
    english = in_english(question, language)

    for word in words:
        assert word in english


@given(st.text(max_size=120), st.sampled_from(sorted(known_languages())))
def test_any_text_can_be_glossed_and_keeps_its_numbers(text: str, language: str) -> None:
    english = in_english(text, language)

    assert language_of(text) in known_languages()
    assert all(token in english for token in text.split() if token.isascii() and token.isdigit())


def test_every_language_says_everything_that_english_says() -> None:
    spoken = known_languages()

    for language in spoken.values():
        assert language.phrases.keys() == spoken[ENGLISH].phrases.keys()
        for phrase, text in language.phrases.items():
            assert text.count("{") == spoken[ENGLISH].phrases[phrase].count("{")


def test_phrases_are_filled_and_things_listed_in_the_language() -> None:
    assert say("missing", "de", parts="die Kosten").startswith("Nicht in der Kurzfassung")
    assert say("missing", "xx", parts="a").startswith("Not in the abstract")
    assert listed(["a", "b", "c"], "fr") == "a, b et c"
    assert listed(["a", "b"], "zh") == "a、b"
