"""Groups of what was missed: by what the engine took it for, else by likeness; the worst first, whatever the order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handover.core.misses import Guess
from handover.store.misses import OpenMiss
from handover.tuning.inbox.groups import FITS, Group, Grouper
from handover.tuning.inbox.likeness import TextGroups, count_words, telling_words

FEE, PERMIT = "bygglov.avgift", "bygglov.behovs"
CHARGING = ("Kan man ladda elbilen på torget?", "Var kan man ladda elbilen?", "Kan jag ladda elbilen hemma?")
DOGS = ("Får hundar bada i sjön?", "Får hunden bada i sjön nu?")


def miss(text: str, *guesses: tuple[str, float], weight: float = 1.0, audience: str = "citizen") -> OpenMiss:
    return OpenMiss(f"key of {text.casefold()}", text, audience, weight, tuple(Guess(*one) for one in guesses))


def test_texts_that_were_taken_for_the_same_question_are_one_group() -> None:
    one, other = Grouper().group(
        [
            miss("Vad får jag betala?", (FEE, 0.6), (PERMIT, 0.1)),
            miss("Hur dyrt är det?", (FEE, 0.4)),
            miss("Får jag bygga?", (PERMIT, 0.5)),
        ]
    )
    assert (one.count, len(one.texts), one.score) == (2, 2, 2.0)
    assert [guess.faq for guess in one.suggestions] == [FEE, PERMIT]
    assert one.suggestions[0].likelihood == 0.5
    assert [guess.faq for guess in other.suggestions] == [PERMIT]


def test_guess_that_is_hardly_one_is_none() -> None:
    (group,) = Grouper().group([miss("Vad är klockan?", (FEE, FITS - 0.01))])
    assert (group.suggestions, group.name) == ((), "klockan")


def test_texts_that_fit_no_question_are_grouped_by_likeness_and_named() -> None:
    groups = Grouper().group([miss(text) for text in (*CHARGING, *DOGS, "Vilka filmer går?")])
    assert sorted(len(group.texts) for group in groups) == [1, 2, 3]
    names = [group.name for group in groups]
    assert "elbilen" in names[0]
    assert "sjön" in names[1]


def test_of_very_many_texts_the_worst_are_compared_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.tuning.inbox.groups.MOST_COMPARED", 2)
    found = [miss(CHARGING[0]), *[miss(one, weight=2.0) for one in DOGS], miss(CHARGING[1])]
    assert sorted(len(group.texts) for group in Grouper().group(found)) == [1, 1, 2]


def test_what_happens_often_or_is_bad_comes_first() -> None:
    often = [miss("Vad kostar det?", (FEE, 0.9))] * 5
    bad = [miss("Får jag bygga?", (PERMIT, 0.9), weight=6.0)]
    rare = [miss("Vad är klockan?")]
    assert [group.score for group in Grouper().group([*rare, *often, *bad])] == [6.0, 5.0, 1.0]
    assert Grouper().group(often)[0].count == 5
    assert Grouper().group(often)[0].texts == ("key of vad kostar det?",)


def test_staff_and_citizens_are_never_in_one_group() -> None:
    same = [miss("När kommer lönen?", (FEE, 0.9)), miss("När kommer lönen nu?", (FEE, 0.9), audience="staff")]
    unknown = [miss(CHARGING[0]), miss(CHARGING[1], audience="staff")]
    assert len(Grouper().group(same)) == len(Grouper().group(unknown)) == 2


def test_nothing_is_kept_of_a_text_that_is_gone() -> None:
    groups = TextGroups()
    texts = dict(zip("abc", CHARGING, strict=True))
    assert set(groups.update(texts).values()) == {"a"}
    del texts["a"]
    assert set(groups.update(texts).values()) == {"b"}, "the group goes on without its first text"
    groups.update({"d": "Hej"})
    assert not any("elbil"[:3] in gram for gram in (*groups._rarity, *groups._leaders_with))


words = st.lists(st.sampled_from([*" ".join((*CHARGING, *DOGS)).split(), "på", "båt", "skola"]), max_size=6)
many_texts = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), words.map(" ".join), max_size=12)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(many_texts, min_size=1, max_size=4))
def test_every_text_is_in_one_group_whose_leader_is_there(steps: list[dict[str, str]]) -> None:
    groups = TextGroups()
    for texts in steps:
        homes = groups.update(texts)
        assert homes.keys() == texts.keys()
        assert all(homes[leader] == leader for leader in homes.values())
    assert groups._members.keys() == groups._leaders.keys() == set(homes.values())
    assert {key for members in groups._members.values() for key in members} == homes.keys()


misses = st.lists(
    st.builds(
        lambda text, faq, likelihood, weight: miss(text, (faq, likelihood), weight=weight),
        words.map(" ".join),
        st.sampled_from([FEE, PERMIT]),
        st.floats(0, 1),
        st.sampled_from([1.0, 2.0, 4.0]),
    ),
    max_size=15,
)


def _shape(groups: list[Group]) -> set[tuple[frozenset[str], int]]:
    return {(frozenset(group.texts), group.count) for group in groups}


@settings(max_examples=80, deadline=None)
@given(found=misses, data=st.data())
def test_no_miss_is_lost_and_their_order_makes_no_difference(found: list[OpenMiss], data: st.DataObject) -> None:
    groups = Grouper().group(found)
    keys = [key for group in groups for key in group.texts]
    assert sorted(keys) == sorted({one.text_key for one in found})
    assert sum(group.count for group in groups) == len(found)
    assert [group.score for group in groups] == sorted((group.score for group in groups), reverse=True)
    assert _shape(Grouper().group(data.draw(st.permutations(found)))) == _shape(groups)


def test_telling_words_are_those_that_other_texts_have_not() -> None:
    texts = ["Får man ha höns hemma", "Höns i stan, får man det?", "Får man grilla hemma?"]
    assert telling_words(texts[:2], count_words(texts))[0] == "höns"
