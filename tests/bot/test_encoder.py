"""Sentence vectors, from the weights that are installed."""

import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sentencepiece import SentencePieceProcessor

from bot.encoder import weights
from bot.encoder.build import PIECES, WORDS, build_encoder
from bot.encoder.encoder import MAX_PIECES, SentenceEncoder
from bot.encoder.weights import BLOCK, BLOCK_WEIGHTS, PackedWeights, WeightsError, dequantize, find_weights

LOAN = "Hur lånar jag om en bok?"
LOAN_IN_OTHER_LANGUAGES = [
    "How do I renew a library book loan?",
    "كيف أجدد إعارة كتاب من المكتبة؟",
    "Miten uusin lainani?",
]
UNRELATED = ["Vad kostar det att parkera i centrum?", "När töms soptunnan på min gata?"]
#: One question in each language of the catalogue.
LANGUAGES = {
    "sv": LOAN,
    "en": "How do I renew my loan?",
    "ar": "كيف أجدد إعارة كتاب؟",
    "so": "Sidee baan u cusboonaysiin karaa buugga?",
    "fa": "چگونه کتاب را تمدید کنم؟",
    "ti": "መጽሓፍ ብኸመይ የሐድስ?",
    "fi": "Miten uusin lainan?",
    "uk": "Як продовжити книгу?",
    "pl": "Jak przedłużyć książkę?",
    "bs": "Kako da produžim knjigu?",
    "es": "¿Cómo renuevo un libro?",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("encoder") / "built"
    build_encoder(out)
    return out


@pytest.fixture(scope="module")
def encoder(folder):
    return SentenceEncoder(folder, threads=2)


def test_vectors_have_length_1_and_the_width_that_is_promised(encoder):
    vectors = encoder.encode([LOAN, *UNRELATED])
    assert vectors.shape == (3, encoder.width) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.width)


def test_a_text_has_the_same_vector_alone_and_among_others_of_any_length(encoder):
    texts = [
        word * times
        for times in (9, 1, 3, 14, 6)
        for word in ("bok ", "hyra ", "skola ", "vatten ", "bygga ", "avfall ")
    ]
    texts += [LOAN, *LOAN_IN_OTHER_LANGUAGES, *UNRELATED]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.array_equal(encoder.encode(texts), alone)
    assert len(np.unique(alone, axis=0)) == len(texts), "and each text one of its own"


def test_one_thread_encodes_as_several_do(folder, encoder):
    texts = [LOAN, *UNRELATED, "", LOAN]
    assert np.array_equal(SentenceEncoder(folder).encode(texts), encoder.encode(texts))


def test_a_text_is_read_as_it_is_encoded(encoder):
    reading = encoder.read(LOAN)
    assert np.array_equal(reading.vector, encoder.encode([LOAN]))
    assert reading.states.shape[1] == encoder.width
    mean = reading.states.mean(axis=0)
    np.testing.assert_allclose(mean / np.linalg.norm(mean), reading.vector[0], atol=1e-5)


@pytest.mark.parametrize("joint", [" ", "\n\n"], ids=["space", "lines"])
def test_parts_mean_in_a_text_what_they_mean_by_themselves(encoder, joint):
    parts = [LOAN, *UNRELATED]
    alone = encoder.encode(parts)
    vectors = encoder.vectors_of_parts(encoder.read(joint.join(parts)), parts)
    assert vectors.shape == alone.shape and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors @ alone.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_the_same_words_twice_are_two_parts(encoder):
    parts = ["Vad kostar det?", "Vad kostar det?"]
    first, second = encoder.vectors_of_parts(
        encoder.read("Ett bygglov. Vad kostar det? Och sfi. Vad kostar det?"), parts
    )
    assert first @ second < 0.9999


@pytest.mark.parametrize(
    ("text", "parts"),
    [("Hej där", ["Hej", "inte här"]), ("b a", ["a", "b"]), ("ord " * MAX_PIECES + LOAN, ["ord", LOAN])],
    ids=["not in the text", "in another order", "the text was cut"],
)
def test_parts_that_are_not_found_are_encoded_by_themselves(encoder, text, parts):
    assert np.array_equal(encoder.vectors_of_parts(encoder.read(text), parts), encoder.encode(parts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_all_of_a_part_has_its_vector(encoder, language):
    text = LANGUAGES[language]
    (vector,) = encoder.vectors_of_parts(encoder.read(text), [text])
    # Only the words by which the model was told that this is a question are left out.
    assert vector @ encoder.encode([text])[0] > 0.97


def test_the_same_question_in_another_language_is_closer_than_an_unrelated_one(encoder):
    loan, *unrelated = encoder.encode([LOAN, *UNRELATED])
    farthest = min(encoder.encode(LOAN_IN_OTHER_LANGUAGES) @ loan)
    pairs = [loan @ unrelated[0], loan @ unrelated[1], unrelated[0] @ unrelated[1]]
    assert farthest > max(pairs[:2])
    assert encoder.encode(LOAN_IN_OTHER_LANGUAGES[:1])[0] @ loan > max(pairs)


def test_the_order_of_words_counts(encoder):
    one, other = encoder.encode(["hunden bet mannen", "mannen bet hunden"])
    assert one @ other < 0.999


def test_of_a_long_text_the_beginning_and_the_end_count_and_the_middle_does_not(encoder):
    filler = "och sen så var det så att " * (4_000 // 52)

    def vector(begin="", middle="", end=""):
        text = f"{begin}{filler}{middle}{filler}{end}"
        assert len(text) <= 4_000
        return encoder.encode([text])[0]

    plain = vector()
    assert np.isfinite(plain).all()
    assert np.array_equal(vector(middle="parkeringsböter "), plain)
    assert vector(begin="Mina parkeringsböter: ") @ plain < 0.999
    assert vector(end=" parkeringsböter?") @ plain < 0.999


def test_a_text_without_spaces_as_long_as_a_message_may_be_is_encoded(encoder):
    assert np.isfinite(encoder.encode(["å" * 4_000, "<" * 4_000, "1" * 4_000])).all()
    assert MAX_PIECES < 4_000


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00a", "😀🙂", "\u202e\u200b", "ﬁ ½ Ⅷ", "e\u0301" * 200, "\ufffd", "<s> </s> <unk>", "▁▁", "\n\t"],
    ids=ascii,
)
def test_odd_characters_have_a_vector(encoder, text):
    (vector,) = encoder.encode([text])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["你好", "ありがとうございます", "हिन्दी में", "ขอบคุณ", "안녕하세요", "תודה"])
def test_scripts_that_were_left_out_are_unknown_and_break_nothing(folder, encoder, text):
    pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
    assert pieces.unk_id() in pieces.encode(text)
    mixed, plain = encoder.encode([f"{LOAN} {text}", LOAN])
    assert np.isfinite(mixed).all() and mixed @ plain > 0.8


@pytest.mark.parametrize("text", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_of_the_catalogue_is_known(folder, text):
    pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
    assert pieces.unk_id() not in pieces.encode(text)


def test_a_sentence_begins_and_ends_with_the_pieces_for_that(folder):
    pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
    numbers = pieces.encode("bok", add_bos=True, add_eos=True)
    assert [pieces.id_to_piece(number) for number in numbers] == ["<s>", "▁bok", "</s>"]
    assert pieces.id_to_piece(pieces.unk_id()) == "<unk>"


def test_every_piece_has_a_vector_and_most_pieces_are_kept(folder):
    pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
    words = np.load(folder / WORDS)
    everything = PackedWeights(find_weights()).vocabulary.pieces
    assert pieces.get_piece_size() == len(words)
    assert 0.5 < len(words) / len(everything) < 0.8
    number = everything.index("▁bok")
    expected = PackedWeights(find_weights()).blocks("emb.word", words.shape[1] * BLOCK_WEIGHTS)[number]
    assert np.array_equal(words[pieces.piece_to_id("▁bok")], expected)


def test_several_threads_get_what_one_gets(encoder):
    texts = list(LANGUAGES.values()) * 2
    alone = np.vstack([encoder.encode([text]) for text in texts])
    with ThreadPoolExecutor(4) as threads:
        together = np.vstack(list(threads.map(lambda text: encoder.encode([text]), texts)))
    assert np.array_equal(alone, together)


def test_a_block_holds_sixteen_low_halves_then_sixteen_high_ones():
    low, high = np.arange(16), np.arange(16)[::-1]
    block = np.zeros((1, 2), BLOCK)
    block["halves"] = low | high << 4
    block["scale"] = [[0.5, 2]]
    one = np.concatenate([low, high]) - 8
    assert dequantize(block).tolist() == [[*(one * 0.5), *(one * 2.0)]]


def header(magic=b"E5S1", block=BLOCK_WEIGHTS):
    return magic + struct.pack("<I7ifi", 1, 384, 12, 12, 1536, 10, 512, 2, 1e-12, block)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(header(magic=b"GGUF"), "not the packed weights"), (b"E5", "not the packed weights"), (header(block=64), "64")],
)
def test_a_file_with_a_wrong_beginning_is_refused_by_name(tmp_path, content, reason):
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=rf"other\.bin: .*{reason}"):
        PackedWeights(path)


def test_a_package_without_weights_is_named(monkeypatch):
    monkeypatch.setattr(weights, "PACKAGE", "pytest")
    with pytest.raises(WeightsError, match="the package pytest of requirements"):
        find_weights()


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(weights, "PACKAGE", "no-such-package-here")
    with pytest.raises(WeightsError, match="no-such-package-here"):
        find_weights()
