"""The labelled utterances: intents, deciding slots, what is out of scope, and how far confidence can be believed."""

from nlp import SURE
from nlp.contract import parse_line

from .scoring import right_intent, utterances, wrong_slots


def answers() -> list[tuple[dict, dict]]:
    return [(want, parse_line(want)) for want in utterances()]


def test_intents_and_slots() -> None:
    pairs = answers()
    wrong = [f"{want['text']}: {got}" for want, got in pairs if not right_intent(want, got)]
    half = [f"{want['text']}: {got} {wrong_slots(want, got)}" for want, got in pairs if wrong_slots(want, got)]
    assert len(wrong) <= 0.03 * len(pairs), "\n".join(wrong)
    assert len(wrong) + len(half) <= 0.08 * len(pairs), "\n".join(wrong + half)


def test_out_of_scope() -> None:
    pairs = answers()
    meant = {want["id"] for want, _ in pairs if want["intent"] == "unknown"}
    said = {want["id"] for want, got in pairs if got["intent"] == "unknown"}
    assert len(meant & said) >= 0.9 * len(meant)
    assert len(meant & said) >= 0.9 * len(said)


def test_confidence_tells_right_from_wrong() -> None:
    sure = [right_intent(want, got) for want, got in answers() if got["confidence"] >= SURE]
    assert sum(sure) >= 0.97 * len(sure)
