"""Vectors kept on disk: the same bits, only what is new is encoded, and nothing broken is believed."""

import numpy as np
import pytest

from bot.encoder import cache as cache_module
from bot.encoder.build import META, build_encoder
from bot.encoder.cache import CachedEncoder, fingerprint
from bot.encoder.encoder import SentenceEncoder

TEXTS = ["hur lånar jag en bok", "vad kostar det att parkera", "مرحبا", "hur lånar jag en bok", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("encoder") / "encoder"
    build_encoder(out)
    return out


class Counting(SentenceEncoder):
    """The encoder itself, which also notes what it was asked."""

    def __init__(self, folder):
        super().__init__(folder)
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return super().encode(texts)


@pytest.fixture
def make(folder, tmp_path):
    def one():
        encoder = Counting(folder)
        return encoder, CachedEncoder(encoder, folder, tmp_path / "vectors")

    return one


def test_cold_and_warm_give_the_encoders_own_bits(make, folder):
    _, cached = make()
    plain = SentenceEncoder(folder).encode(TEXTS)
    for vectors in (cached.encode(TEXTS), cached.encode(TEXTS)):
        assert vectors.dtype == plain.dtype
        assert np.array_equal(vectors, plain)


def test_only_what_is_new_is_encoded_also_by_the_next_process(make):
    make()[1].encode(TEXTS)
    encoder, cached = make()
    cached.encode([*TEXTS, "något nytt"])
    assert encoder.asked == ["något nytt"]


def test_no_text_gives_no_row(make):
    assert make()[1].encode([]).shape == (0, 384)


@pytest.mark.parametrize("broken", [b"", b"nonsense", b"\x93NUMPY"])
def test_a_broken_file_is_made_anew(make, tmp_path, folder, broken):
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / f"{fingerprint(folder)}.npy").write_bytes(broken)
    encoder, cached = make()
    assert np.array_equal(cached.encode(TEXTS), SentenceEncoder(folder).encode(TEXTS))
    assert encoder.asked
    assert not list((tmp_path / "vectors").glob("*.part"))


def test_a_half_written_file_is_made_anew(make, tmp_path):
    make()[1].encode(TEXTS)
    (path,) = (tmp_path / "vectors").glob("*.npy")
    path.write_bytes(path.read_bytes()[:-100])
    encoder, cached = make()
    cached.encode(TEXTS)
    assert encoder.asked


def test_what_is_kept_is_bounded_and_what_was_asked_last_stays(make, monkeypatch):
    monkeypatch.setattr(cache_module, "MAX_ROWS", 3)
    make()[1].encode(["a", "b", "c"])
    make()[1].encode(["d", "e"])
    encoder, cached = make()
    cached.encode(["d", "e"])
    assert encoder.asked == []
    assert len(cached._read()) == 3


def test_another_encoder_does_not_use_it_and_few_files_stay(make, folder, tmp_path):
    make()[1].encode(TEXTS)
    before = fingerprint(folder)
    original = (folder / META).read_text(encoding="utf-8")
    try:
        for spaces in (" ", "  "):
            (folder / META).write_text(original + spaces, encoding="utf-8")
            assert fingerprint(folder) != before
            encoder, cached = make()
            cached.encode(["a"])
            assert encoder.asked == ["a"]
    finally:
        (folder / META).write_text(original, encoding="utf-8")
    assert len(list((tmp_path / "vectors").glob("*.npy"))) == 1 + cache_module.OTHERS_KEPT
