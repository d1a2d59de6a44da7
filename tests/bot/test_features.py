"""What the models see of a sentence: columns of words, of characters, and its vector."""

import json

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.features import TOKEN, FeatureSettings, Sentence, SentenceFeatures, sentence_of

TEXTS = ["låna om boken", "låna en bok", "låna ut boken", "vad kostar parkering", "pris att parkera", "dagens lunch"]
SETTINGS = FeatureSettings(min_word_examples=1, min_char_examples=1)


def sentences(*texts):
    return [Sentence(text, text) for text in texts]


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(3).normal(1, 1, size=(len(TEXTS), 8)).astype(np.float32)


@pytest.fixture
def learn(vectors):
    """Learns from the texts; gives the features object and what it returned."""

    def with_settings(settings=SETTINGS):
        features = SentenceFeatures(settings)
        return features, features.learn(sentences(*TEXTS), vectors)

    return with_settings


def test_a_learnt_sentence_is_seen_again_as_it_was_learnt(learn, vectors):
    features, learnt = learn()
    again = features.of(sentences(*TEXTS), features.centre(vectors))
    np.testing.assert_allclose(again.toarray(), learnt.toarray(), rtol=1e-6)
    assert learnt.shape[0] == len(TEXTS) and learnt.dtype == np.float32


def test_vectors_are_seen_from_the_middle_with_length_1(learn, vectors):
    features, _ = learn()
    centred = features.centre(vectors)
    expected = vectors - vectors.mean(axis=0)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(centred, expected, atol=1e-6)
    assert centred.dtype == np.float32


def test_a_vector_in_the_very_middle_is_no_number_that_breaks_the_rest(learn, vectors):
    features, _ = learn()
    np.testing.assert_array_equal(features.centre(vectors.mean(axis=0, keepdims=True)), np.zeros((1, 8)))


def test_each_kind_of_column_has_a_weight_of_its_own(learn, vectors):
    whole = learn()[1]
    for name in ("word_weight", "char_weight", "vector_weight"):
        weighed = learn(FeatureSettings(min_word_examples=1, min_char_examples=1, **{name: 3.0}))[1]
        factors = np.unique((weighed.multiply(whole.power(-1))).data.round(3))
        assert factors.tolist() == [1, 3], name
    blind = learn(FeatureSettings(min_word_examples=1, min_char_examples=1, vector_weight=0))[1]
    assert abs(blind[:, -8:]).sum() == 0 and abs(blind[:, :-8]).sum() > 0


def test_what_few_examples_hold_is_no_column(learn, tmp_path):
    features, _ = learn(FeatureSettings(min_word_examples=3, min_char_examples=3))
    features.save(tmp_path)
    words, characters = json.loads((tmp_path / "features.json").read_text(encoding="utf-8"))
    assert words == ["låna"]
    assert "lån" in characters and "boke" not in characters, "in three texts, in two"


#: Learnt texts, and others: of terms that nobody learnt, of none, of the same ones again and again.
ASKED = [
    *TEXTS,
    "",
    " ",
    "zzz",
    "låna",
    "låna låna låna bok låna",
    "boken om boken om boken",
    "p-platsen d.v.s. kim’s",
    "a",
    "låna zzz lunch 😀 boken",
    "مرحبا låna",
    "pris " * 500,
]


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        FeatureSettings(min_word_examples=2, min_char_examples=3),
        FeatureSettings((1, 1), (1, 5), 1, 2, word_weight=0.5, char_weight=2.0, vector_weight=0.7),
        FeatureSettings((2, 3), (3, 3), 1, 1),
    ],
    ids=["all terms", "frequent ones", "weighed", "long ones"],
)
def test_words_and_characters_are_weighed_as_scikit_learn_does(learn, vectors, settings, tmp_path):
    features, learnt = learn(settings)
    shared = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
    kinds = [
        TfidfVectorizer(ngram_range=settings.word_ngrams, token_pattern=TOKEN, **shared),
        TfidfVectorizer(ngram_range=settings.char_ngrams, analyzer="char_wb", **shared),
    ]
    kinds[0].min_df, kinds[1].min_df = settings.min_word_examples, settings.min_char_examples
    for kind in kinds:
        kind.fit(TEXTS)
    features.save(tmp_path)
    loaded = SentenceFeatures.load(tmp_path, settings)
    for one in (features, loaded):
        for vocabulary, kind in zip((c.vocabulary for c in one._counted), kinds, strict=True):
            assert vocabulary == kind.vocabulary_

    def expected(texts, centred):
        weights = (settings.word_weight, settings.char_weight)
        parts = [kind.transform(texts) * weight for kind, weight in zip(kinds, weights, strict=True)]
        return hstack([*parts, centred * settings.vector_weight]).toarray()

    np.testing.assert_allclose(learnt.toarray(), expected(TEXTS, features.centre(vectors)), rtol=1e-5, atol=1e-7)
    centred = features.centre(np.resize(vectors, (len(ASKED), vectors.shape[1])))
    for one in (features, loaded):
        seen = one.of(sentences(*ASKED), centred)
        assert (seen.shape, seen.dtype) == ((len(ASKED), learnt.shape[1]), np.float32)
        np.testing.assert_allclose(seen.toarray(), expected(ASKED, centred), rtol=1e-5, atol=1e-7)
        for row, text in enumerate(ASKED):
            alone = one.of(sentences(text), centred[row : row + 1])
            assert np.array_equal(alone.toarray()[0], seen[row].toarray()[0]), text


def test_words_are_counted_in_the_tokens_and_characters_in_the_text(learn, vectors):
    features, _ = learn()
    nothing = np.zeros((2, 8), dtype=np.float32)
    words = len(features._counted[0].vocabulary)
    of_words, of_characters = features.of([Sentence("", "låna boken"), Sentence("låna boken", "")], nothing).toarray()
    assert of_words[:words].any() and not of_words[words:].any()
    assert of_characters[words:].any() and not of_characters[:words].any()


def test_words_that_nobody_learnt_leave_the_vector(learn, vectors):
    features, _ = learn()
    centred = features.centre(vectors[:1])
    (row,) = features.of(sentences("zzz"), centred).toarray()
    assert not row[:-8].any()
    np.testing.assert_allclose(row[-8:], centred[0])


def test_two_words_in_a_row_are_a_column_too(learn, vectors):
    features, _ = learn()
    centred = features.centre(vectors[:2])
    one, other = features.of([Sentence("", "låna om"), Sentence("", "om låna")], centred * 0).toarray()
    assert np.count_nonzero(one != other) > 0


def test_saved_features_see_the_same_and_hold_nothing_but_plain_data(learn, vectors, tmp_path):
    features, _ = learn()
    features.save(tmp_path)
    loaded = SentenceFeatures.load(tmp_path, SETTINGS)
    new = vectors[::-1] * 2
    np.testing.assert_array_equal(loaded.centre(new), features.centre(new))
    asked = sentences("låna lunch", "parkera boken", "x", "", "vad kostar en bok", "zzz")
    np.testing.assert_allclose(
        loaded.of(asked, loaded.centre(new)).toarray(), features.of(asked, features.centre(new)).toarray(), rtol=1e-6
    )
    assert {path.name for path in tmp_path.iterdir()} == {"features.json", "features.npz"}
    words, _ = json.loads((tmp_path / "features.json").read_text(encoding="utf-8"))
    assert "låna" in words
    with np.load(tmp_path / "features.npz", allow_pickle=False) as numbers:
        assert all(numbers[name].dtype.kind == "f" for name in numbers.files)


def test_the_features_see_small_letters_words_and_single_spaces():
    sentence = sentence_of("  Vad  kostar\tP-platsen, d.v.s. Kim’s?\n")
    assert sentence.characters == "vad kostar p-platsen, d.v.s. kim’s?"
    assert sentence.tokens == "vad kostar p-platsen d v s kim’s"
