"""The linear model learns, keeps, and reads nothing but plain data."""

import numpy as np
import pytest

from bot.components.intent_model import IntentModel, ModelSettings, Sentence

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


def sentence(text):
    return Sentence(characters=text, tokens=text, lemmas=text)


@pytest.fixture(scope="module")
def examples():
    pairs = [(sentence(text), intent) for intent, texts in TEXTS.items() for text in texts]
    return [s for s, _ in pairs], [intent for _, intent in pairs]


def test_a_question_in_new_words_goes_to_its_intent(examples):
    model = IntentModel(ModelSettings(min_word_examples=1, min_char_examples=1)).fit(*examples)
    scores = model.scores([sentence("kostar det att parkera"), sentence("mat i skolan idag")])
    assert [model.labels[i] for i in scores.argmax(axis=1)] == ["parkering.taxa", "skolmat.matsedel"]


def test_a_saved_model_gives_the_same_scores(examples, tmp_path):
    settings = ModelSettings(min_word_examples=1, min_char_examples=1)
    model = IntentModel(settings).fit(*examples)
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path, settings)
    asked = [sentence("förlänga boken"), sentence("xyz")]
    np.testing.assert_allclose(loaded.scores(asked), model.scores(asked), rtol=1e-5)
    assert loaded.labels == model.labels


def test_features_are_weighed_in_the_type_of_the_weights(examples, tmp_path):
    settings = ModelSettings(min_word_examples=1, min_char_examples=1)
    IntentModel(settings).fit(*examples).save(tmp_path)
    model = IntentModel.load(tmp_path, settings)
    assert model._weights.dtype == np.float32
    assert model.scores([sentence("låna boken")]).dtype == np.float32


def test_the_files_hold_no_pickle(examples, tmp_path):
    IntentModel(ModelSettings(min_word_examples=1, min_char_examples=1)).fit(*examples).save(tmp_path)
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].dtype == np.float32


def test_every_sentence_is_scored_by_weights_learnt_without_it(examples):
    settings = ModelSettings(min_word_examples=1, min_char_examples=1, folds=2)
    model = IntentModel(settings)
    scores, truth = model.fit_with_held_out_scores(*examples)
    assert scores.shape == (15, 3) and np.isfinite(scores).all()
    assert [model.labels[i] for i in truth] == examples[1]
    known = model.scores(examples[0])
    assert (known.argmax(axis=1) == truth).all(), "what was learnt is known"
    assert (known[np.arange(15), truth] > scores[np.arange(15), truth]).mean() > 0.8, "held out is less sure"
