"""Sentences from people become phrases; what changed phrases change is shown."""

import json
from pathlib import Path

import pytest
import yaml

from nlp import teaching, training
from nlp.intents import model, parsed


def test_sentences_become_phrases(tmp_path: Path) -> None:
    into = tmp_path / "learned.yaml"
    lines = [
        {"text": "学时这块我还欠组织多少", "intent": "hours.remaining"},
        {"text": "学时这块我还欠组织多少", "intent": "hours.remaining"},
        {"text": "我的手机13800138000，催一下", "intent": "claim.status"},
        {"text": "还差多少", "intent": "hours.remaining"},
        {"text": "这个怎么读", "intent": None, "slots": {}},
        {"text": "大概六个", "intent": "answer.value", "expecting": "hours"},
        {"text": "表[打]一张{给我}？", "intent": "record.export"},
    ]
    assert teaching.learn([json.dumps(line) for line in lines], into) == 2
    assert yaml.safe_load(into.read_text(encoding="utf-8")) == {
        "hours.remaining": ["学时这块我还欠组织多少"],
        "record.export": ["表打一张给我"],
    }
    assert teaching.learn([json.dumps(lines[0])], into) == 0


@pytest.mark.parametrize(
    "line", ["", "[]", "no json", '{"text": 5, "intent": "help"}', '{"text": "帮我", "intent": "fly"}']
)
def test_what_is_no_labelled_sentence_is_refused(line: str, tmp_path: Path) -> None:
    into = tmp_path / "learned.yaml"
    if not line:
        assert teaching.learn([line], into) == 0
        return
    with pytest.raises(ValueError, match="line 1"):
        teaching.learn([line], into)
    assert not into.exists()


def test_what_changed_phrases_change_is_shown() -> None:
    few = [example for example in training.examples() if example.intent in ("greet", "thanks")]
    after = parsed(training.rendered(training.train(few)))
    rows = [
        {"text": "还差多少学时", "expecting": None, "intent": "hours.remaining"},
        {"text": "谢谢", "expecting": None, "intent": "thanks"},
    ]
    assert [change[0] for change in teaching.changes(model(), after, rows)] == ["还差多少学时"]


def test_weights_name_their_phrases() -> None:
    assert model().digest == training.digest()
