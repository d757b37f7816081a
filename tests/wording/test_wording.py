"""Sentences can be said, and are short enough for a phone."""

import re
import string

import pytest

import wording
from domain.delivery import TEXT_LIMIT

SENTENCES = wording.sentences()


def names(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_a_sentence_can_be_said(key: str) -> None:
    said = wording.say(key, **dict.fromkeys(names(SENTENCES[key]), 3.0))
    assert said
    assert len(said.encode()) <= TEXT_LIMIT // 2
    assert not re.search(r"[{}]", said)


def test_numbers_are_shown_as_people_write_them() -> None:
    assert wording.say("unit.class_hour", n=4.0) == "4学时"
    assert wording.say("unit.class_hour", n=3.5) == "3.5学时"


def test_a_missing_value_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        wording.say("unit.class_hour")


def test_words_of_a_person_are_not_templates() -> None:
    assert "{n}" in wording.say("claim.recorded", what="{n} {0} %s", hours="1学时")


def test_labels_of_the_account_menu_fit() -> None:
    for key, text in SENTENCES.items():
        if key.startswith("menu.") and key != "menu.record_prompt":
            assert len(text.encode()) <= 16, f"{key}: a button holds 16 bytes"
