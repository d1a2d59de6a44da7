"""Prepare the encoder's folder: the graph, the pieces that words are cut into, and their vectors."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import onnx
from sentencepiece import sentencepiece_model_pb2 as pieces_format

from bot.encoder.graph import make_graph
from bot.encoder.weights import PackedWeights, Vocabulary, find_weights

GRAPH, PIECES, WORDS, POSITIONS, META = "graph.onnx", "pieces.model", "words.npy", "positions.npy", "meta.json"
#: Pieces in other scripts than those of the catalogue's languages are left out: a third of all, 40 MB in memory.
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "ETHIOPIC", "GREEK")
#: Kinds of pieces in SentencePiece's format: 2 stands for what is unknown, 3 for what no text holds.
_SPECIAL = {"<s>": 3, "</s>": 3, "<unk>": 2}
_NORMAL, _UNIGRAM = 1, 1


def build_encoder(out: Path) -> None:
    """Write everything that `SentenceEncoder` reads to `out`, which must not exist; raises `WeightsError`."""
    weights = PackedWeights(find_weights())
    out.mkdir(parents=True)
    vocabulary = weights.vocabulary
    kept = [number for number, piece in enumerate(vocabulary.pieces) if piece in _SPECIAL or _is_in_scripts(piece)]
    (out / PIECES).write_bytes(_pieces_model(vocabulary, kept))
    np.save(out / WORDS, weights.blocks("emb.word", weights.sizes.width)[kept])
    positions = weights.floats("emb.pos").reshape(-1, weights.sizes.width)
    np.save(out / POSITIONS, positions + weights.floats("emb.type")[: weights.sizes.width])
    replaced = {str(character): text for character, text in vocabulary.replacements.items()}
    (out / META).write_text(json.dumps({"replacements": replaced}, ensure_ascii=False), encoding="utf-8")
    onnx.save(make_graph(weights), str(out / GRAPH))


def _is_in_scripts(piece: str) -> bool:
    """Tell whether every letter of a piece belongs to a script of the catalogue; signs and digits belong to all."""
    letters = (character for character in piece if unicodedata.category(character)[0] in "LM")
    return all(unicodedata.name(letter, "").startswith((*SCRIPTS, "COMBINING")) for letter in letters)


def _pieces_model(vocabulary: Vocabulary, kept: list) -> bytes:
    """Return a SentencePiece unigram model (Kudo 2018) of the kept pieces, numbered in their order."""
    model = pieces_format.ModelProto()
    for number in kept:
        piece = vocabulary.pieces[number]
        entry = model.pieces.add()
        entry.piece, entry.score, entry.type = piece, float(vocabulary.scores[number]), _SPECIAL.get(piece, _NORMAL)
    numbers = {vocabulary.pieces[number]: place for place, number in enumerate(kept)}
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type = _UNIGRAM
    trainer.bos_id, trainer.eos_id, trainer.unk_id = numbers["<s>"], numbers["</s>"], numbers["<unk>"]
    trainer.pad_id = -1
    # Characters are replaced before the pieces are looked for, see `SentenceEncoder`.
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = normalizer.remove_extra_whitespaces = normalizer.escape_whitespaces = True
    return bytes(model.SerializeToString())
