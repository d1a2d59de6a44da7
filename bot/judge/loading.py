"""The classifier of a trained model, without the rest of the engine."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.components.intent_classifier import SentenceClassifier
from bot.encoder.cache import CachedEncoder
from bot.encoder.encoder import SentenceEncoder

MODEL_SUFFIX = ".tar.gz"


class ModelError(Exception):
    """The file is no model of ours, or what it needs beside it is gone; the message says which."""


@dataclass(frozen=True)
class Model:
    """A trained model: its name, its classifier, and what encodes sentences for it, from what is kept where it can."""

    name: str
    classifier: SentenceClassifier
    #: For vectors alone, which it keeps, and for whole readings.
    encoder: CachedEncoder
    reader: SentenceEncoder


def load_model(path: Path, vectors: Path) -> Model:
    """Return the model of an archive; vectors are kept in `vectors`. Raises `ModelError`."""
    if not path.is_file():
        raise ModelError(f"{path}: there is no such model")
    with tempfile.TemporaryDirectory() as folder:
        try:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), path)
            (node,) = [node for node in metadata.predict_schema.nodes.values() if node.uses is SentenceClassifier]
            config = {**SentenceClassifier.get_default_config(), **node.config}
            classifier = SentenceClassifier.load(config, storage, node.resource, ExecutionContext(GraphSchema({})))
        except Exception as error:  # Whatever Rasa, tar or numpy make of a file that is no model of ours.
            raise ModelError(f"{path}: this model cannot be loaded: {error!r}") from error
    inside = classifier.look_inside()
    reader = SentenceEncoder(inside.encoder_folder, threads=os.cpu_count() or 1)
    cached = CachedEncoder(reader, inside.encoder_folder, vectors)
    return Model(path.name[: -len(MODEL_SUFFIX)], classifier, cached, reader)
