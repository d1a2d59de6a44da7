"""The intent model learns, keeps, and reads nothing but plain data."""

import json
import zlib

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.components.features import FeatureSettings, Sentence, SentenceFeatures
from bot.components.intent_model import IntentModel, ModelSettings

TEXTS = {
    "bibliotek.omlan": [
        "låna om boken",
        "förlänga lånet på en bok",
        "kan jag låna om",
        "omlån av bok",
        "boken en vecka till",
    ],
    "parkering.taxa": [
        "vad kostar parkering",
        "pris att parkera",
        "parkeringstaxa i stan",
        "kosta parkera bilen",
        "p-taxa",
    ],
    "skolmat.matsedel": [
        "vad blir det för mat",
        "dagens lunch i skolan",
        "matsedel för skolan",
        "skolmat idag",
        "lunchen",
    ],
}
LABELS = [intent for intent, texts in TEXTS.items() for _ in texts]


def vectors_of(texts):
    """Stand-ins for sentence vectors: texts with the same words lie close."""

    def one(word):
        return np.random.default_rng(zlib.crc32(word.encode())).normal(size=64)

    rows = np.array([sum(map(one, text.split())) for text in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def see():
    """Gives the features and the centred vectors of texts."""
    texts = [text for examples in TEXTS.values() for text in examples]
    features = SentenceFeatures(FeatureSettings(min_word_examples=1, min_char_examples=1))
    features.learn([Sentence(text, text) for text in texts], vectors_of(texts))

    def see_texts(*asked):
        centred = features.centre(vectors_of(asked))
        return features.of([Sentence(text, text) for text in asked], centred), centred

    return see_texts


@pytest.fixture(scope="module")
def examples(see):
    return see(*(text for examples in TEXTS.values() for text in examples))


def test_a_question_in_new_words_goes_to_its_intent(examples, see):
    model = IntentModel().fit(*examples, LABELS)
    scores = model.scores(*see("kostar det att parkera", "mat i skolan idag"))
    assert [model.labels[i] for i in scores.argmax(axis=1)] == ["parkering.taxa", "skolmat.matsedel"]


def test_labels_are_sorted_whatever_the_order_of_examples(examples):
    turned = np.arange(len(LABELS))[::-1]
    features, centred = examples
    model = IntentModel().fit(features[turned], centred[turned], [LABELS[i] for i in turned])
    assert model.labels == sorted(TEXTS)
    known = model.scores(features, centred).argmax(axis=1)
    assert [model.labels[i] for i in known] == LABELS


def test_the_nearest_examples_vote_and_their_weight_is_a_setting(examples, see):
    deaf, hearing = (IntentModel(ModelSettings(vote_weight=w)).fit(*examples, LABELS) for w in (0, 0.4))
    asked = see("lunchen")
    gain = hearing.scores(*asked) - deaf.scores(*asked)
    assert hearing.labels[gain.argmax()] == "skolmat.matsedel"
    assert gain.max() > 0.1
    heard_twice = IntentModel(ModelSettings(vote_weight=0.8)).fit(*examples, LABELS).scores(*asked)
    np.testing.assert_allclose(heard_twice - deaf.scores(*asked), 2 * gain, atol=1e-4)


def test_a_saved_model_gives_the_same_scores(examples, see, tmp_path):
    settings = ModelSettings(vote_weight=0.7)
    model = IntentModel(settings).fit(*examples, LABELS)
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path, settings)
    asked = see("förlänga boken", "xyz")
    np.testing.assert_allclose(loaded.scores(*asked), model.scores(*asked), rtol=1e-5)
    assert loaded.labels == model.labels


def test_margins_are_those_of_the_learnt_weights_whatever_is_asked_together(examples, see, tmp_path):
    model = IntentModel().fit(*examples, LABELS)
    model.save(tmp_path)
    asked = ("låna boken", "p-taxa i stan", "matsedel", "vad kostar det")
    features, centred = see(*asked)
    by_hand = features.toarray() @ (model._weights * model._steps.astype(float)) + model._offsets
    for one in (model, IntentModel.load(tmp_path, ModelSettings())):
        assert one._weights.dtype == np.int16
        assert one.margins(features) == pytest.approx(by_hand, abs=1e-5)
        assert one.scores(features.astype(float), centred).dtype == np.float32
        alone = np.concatenate([one.margins(row) for row in features])
        assert np.array_equal(alone, one.margins(features))


def test_the_files_hold_no_pickle(examples, tmp_path):
    IntentModel().fit(*examples, LABELS).save(tmp_path)
    for path in tmp_path.glob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fi" for name in arrays.files)
    assert json.loads((tmp_path / "labels.json").read_text(encoding="utf-8")) == sorted(TEXTS)


def test_every_sentence_is_scored_by_a_model_learnt_without_it(examples):
    model = IntentModel(ModelSettings(folds=2))
    scores, truth = model.fit_with_held_out_scores(*examples, LABELS)
    assert scores.shape == (15, 3) and np.isfinite(scores).all()
    assert [model.labels[i] for i in truth] == LABELS
    known = model.scores(*examples)
    assert (known.argmax(axis=1) == truth).all(), "what was learnt is known"
    assert (known[np.arange(15), truth] > scores[np.arange(15), truth]).mean() > 0.8, "held out is less sure"


def test_labels_drawn_by_lot_are_known_but_never_guessed():
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(120, 60)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = [f"service.{number % 3}" for number in rng.permutation(120)]
    model = IntentModel(ModelSettings(vote_weight=20.0))
    scores, truth = model.fit_with_held_out_scores(csr_matrix(rows), rows, labels)
    assert (model.scores(csr_matrix(rows), rows).argmax(axis=1) == truth).mean() > 0.9
    assert (scores.argmax(axis=1) == truth).mean() < 0.5, "no example votes for itself"
