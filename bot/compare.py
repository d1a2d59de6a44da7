"""`make bench-nlu`: the understanding of the engine beside plainer ones, on a public benchmark and on our own examples.

Runs in the engine's environment. `--massive DIR` names a folder with `sv-SE.train.jsonl` and `sv-SE.dev.jsonl` (MASSIVE
1.1, FitzGerald et al. 2022, CC BY 4.0): every pipeline learns the first and is asked the second. `--own` compares the
same pipelines on `data/nlu`, asked what stands in `tests/nlu`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import Pipeline as SklearnPipeline
from sklearn.pipeline import make_union

from bot.build import ROOT, is_faq, staff_services
from bot.components.features import FeatureSettings, SentenceFeatures, sentence_of
from bot.components.intent_model import IntentModel, ModelSettings
from bot.components.questions import read_held_out
from bot.encoder.build import build_encoder
from bot.encoder.encoder import SentenceEncoder

#: How many sentences are asked one at a time for the time a parse takes.
TIMED = 300
_KIB_IN_MIB = 1024

Asked = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Task:
    """Labelled sentences to learn, sentences to be asked with their label, and the labels that each may get."""

    learn: list[tuple[str, str]]
    ask: list[tuple[str, str]]
    allowed: Callable[[str, np.ndarray], np.ndarray]


class Pipeline(Protocol):
    """Learns once, then gives scores in the order of its labels."""

    labels: list[str]

    def learn(self, texts: Sequence[str], labels: list[str]) -> None:
        """Learn from labelled sentences."""

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row a sentence."""


class Plain:
    """TF-IDF of words and characters with logistic regression: the baseline."""

    def __init__(self) -> None:
        words = TfidfVectorizer(sublinear_tf=True)
        characters = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(1, 5), min_df=2)
        classifier = LogisticRegression(C=20, max_iter=200)
        self._pipeline = SklearnPipeline([("features", make_union(words, characters)), ("classifier", classifier)])
        self.labels: list[str] = []

    def learn(self, texts: Sequence[str], labels: list[str]) -> None:
        self._pipeline.fit([text.lower() for text in texts], labels)
        self.labels = list(self._pipeline.classes_)

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self._pipeline.predict_log_proba([text.lower() for text in texts]))


class Ours:
    """The engine's own features and model, with parts of them left out by their weight."""

    def __init__(self, encoder: SentenceEncoder, features: FeatureSettings, model: ModelSettings) -> None:
        self._encoder = encoder
        self._features = SentenceFeatures(features)
        self._model = IntentModel(model)
        self.labels: list[str] = []

    def learn(self, texts: Sequence[str], labels: list[str]) -> None:
        vectors = self._encoder.encode(texts)
        features = self._features.learn([sentence_of(text) for text in texts], vectors)
        self._model.fit(features, self._features.centre(vectors), labels)
        self.labels = self._model.labels

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        centred = self._features.centre(self._encoder.encode(texts))
        return self._model.scores(self._features.of([sentence_of(text) for text in texts], centred), centred)


def pipelines(encoder: SentenceEncoder) -> dict[str, Callable[[], Pipeline]]:
    """Return what is compared, by name; the last is the engine's."""
    features, model = FeatureSettings(), ModelSettings()
    alone = replace(model, vote_weight=0.0)
    words = replace(features, vector_weight=0.0)
    vectors = replace(features, word_weight=0.0, char_weight=0.0)
    return {
        "plain TF-IDF, logistic regression": Plain,
        "words and characters, one margin": lambda: Ours(encoder, words, alone),
        "vectors, one margin": lambda: Ours(encoder, vectors, alone),
        "vectors, votes of the nearest alone": lambda: Ours(encoder, vectors, replace(model, vote_weight=50.0)),
        "words, characters and vectors, one margin": lambda: Ours(encoder, features, alone),
        "the same and the votes of the nearest": lambda: Ours(encoder, features, model),
    }


def read_massive(folder: Path) -> Task:
    """Return MASSIVE's Swedish train and dev parts."""

    def part(name: str) -> list[tuple[str, str]]:
        lines = (folder / f"sv-SE.{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [(item["text"], item["intent"]) for item in map(json.loads, lines)]

    return Task(part("train"), part("dev"), lambda _, labels: np.ones(len(labels), dtype=bool))


def read_own(root: Path) -> Task:
    """Return our examples, and the held-out questions that have one right FAQ; a citizen's is among citizens' FAQs."""
    staff = set(staff_services(root / "data" / "catalogue"))
    learn = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            lines = (line.strip() for line in block["examples"].splitlines())
            learn += [(line[2:], block["intent"]) for line in lines if line and is_faq(block["intent"])]
    questions = [q for q in read_held_out(root / "tests" / "nlu") if len(q.expect) == 1 and q.outcome is None]

    def allowed(right: str, labels: np.ndarray) -> np.ndarray:
        if right.partition(".")[0] in staff:
            return np.ones(len(labels), dtype=bool)
        return np.array([label.partition(".")[0] not in staff for label in labels])

    return Task(learn, [(q.text, q.expect[0]) for q in questions], allowed)


def run(task: Task, encoder: SentenceEncoder, name: str) -> None:
    """Print one row a pipeline: accuracy, macro-F1, training, one parse, and the memory of the whole process so far."""
    print(f"\n{name}: {len(task.learn)} sentences learnt, {len(task.ask)} asked; {os.cpu_count()} cores")
    print(f"{'pipeline':45} {'accuracy':>8} {'macro-F1':>8} {'training s':>10} {'parse ms':>8} {'memory MiB':>10}")
    for title, make in pipelines(encoder).items():
        print(f"{title:45} {_row(task, make())}", flush=True)


def _row(task: Task, pipeline: Pipeline) -> str:
    texts, labels = [text for text, _ in task.learn], [label for _, label in task.learn]
    asked, right = [text for text, _ in task.ask], np.array([label for _, label in task.ask])
    began = time.perf_counter()
    pipeline.learn(texts, labels)
    training = time.perf_counter() - began
    known = np.array(pipeline.labels)
    allowed = {label: task.allowed(label, known) for label in set(right)}
    scores = np.where([allowed[label] for label in right], pipeline.scores(asked), -np.inf)
    best = known[scores.argmax(axis=1)]
    accuracy, f1 = (best == right).mean(), f1_score(right, best, average="macro")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_IN_MIB
    parse = _median_ms(pipeline.scores, asked)
    return f"{accuracy:8.3f} {f1:8.3f} {training:10.1f} {parse:8.2f} {memory:10.0f}"


def _median_ms(scores: Asked, texts: Sequence[str]) -> float:
    times = []
    for text in texts[:TIMED]:
        began = time.perf_counter()
        scores([text])
        times.append(time.perf_counter() - began)
    return float(np.median(times) * 1_000)


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--massive", type=Path)
    parser.add_argument("--own", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build_encoder(Path(scratch) / "encoder")
        encoder = SentenceEncoder(Path(scratch) / "encoder", threads=os.cpu_count() or 1)
        if options.massive:
            run(read_massive(options.massive), encoder, "MASSIVE sv-SE, dev")
        if options.own:
            run(read_own(ROOT), encoder, "our own questions, right FAQ first")


if __name__ == "__main__":
    main()
