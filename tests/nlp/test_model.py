"""The model and the dictionary are what their sources make, and load quickly."""

import subprocess
import sys
from pathlib import Path

from nlp import training
from nlp.intents import model, parsed, ranked
from nlp.reading import Intent

from .scoring import utterances

HERE = Path(training.__file__).parent


def test_dictionary_is_current() -> None:
    assert (HERE / "words.txt").read_text(encoding="utf-8") == training.word_list()


def test_weights_are_current() -> None:
    anew = parsed(training.rendered(training.train(list(training.examples()))))
    assert anew.labels == model().labels
    assert anew.known == model().known
    sketches = [training.seen(row["text"]) for row in utterances()]
    same = [ranked(seen, anew)[0][0] == ranked(seen)[0][0] for seen in sketches]
    assert all(same)


def test_every_intent_has_phrases() -> None:
    assert set(training.phrases()) == {intent.value for intent in Intent} - {Intent.ANSWER_VALUE.value}
    assert all(len(lines) >= 40 for lines in training.phrases().values())


def test_phrases_are_well_formed() -> None:
    for lines in training.phrases().values():
        for line in lines:
            for sentence in training.said(line, 8):
                assert not set(sentence) & set("[]{}|"), line


def test_importing_is_light() -> None:
    """Commands that read no sentence load no dictionary, and the service never loads what only training needs."""
    code = (
        "import sys, nlp; assert 'jieba' not in sys.modules and 'numpy' not in sys.modules; "
        "nlp.warm(); assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
