"""What training is built from."""

import pytest
import spacy
import yaml

from bot import build
from bot.spacy_sv import build_pipeline


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "catalogue").mkdir()
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "domain.yml").write_text('version: "3.1"\n')
    examples = [
        {"intent": name, "examples": "- hej\n"} for name in ("bygglov.behovs", "dialogue.greet", "out_of_scope")
    ]
    (tmp_path / "data" / "nlu" / "a.yml").write_text(yaml.safe_dump({"nlu": examples}))
    service = {"id": "bygglov", "name": {"sv": "Bygglov"}, "search_words": ["Altan"]}
    (tmp_path / "data" / "catalogue" / "bygglov.yml").write_text(yaml.safe_dump(service))
    return tmp_path


def test_only_faqs_get_the_rule_that_answers(tree, tmp_path):
    build.build(tmp_path / "out", tree, tree / "data")
    rules = yaml.safe_load((tmp_path / "out" / "rules.yml").read_text())["rules"]
    assert [rule["steps"][0]["intent"] for rule in rules] == ["bygglov.behovs"]
    intents = yaml.safe_load((tmp_path / "out" / "domain" / "intents.yml").read_text())["intents"]
    assert intents == ["bygglov.behovs", "dialogue.greet", "out_of_scope"]


def test_the_saved_pipeline_knows_lemmas_and_services(tree, tmp_path):
    build.build(tmp_path / "out", tree, tree / "data")
    doc = spacy.load(tmp_path / "out" / "spacy")("Bygger altaner")
    assert [token.lemma_ for token in doc] == ["bygga", "altan"]
    doc = build_pipeline(build.service_patterns(tree / "data" / "catalogue"))("min Altan")
    assert [(e.label_, e.ent_id_) for e in doc.ents] == [("service", "bygglov")]


def test_a_broken_file_is_named(tree, tmp_path):
    (tree / "data" / "nlu" / "b.yml").write_text("nlu: [")
    with pytest.raises(build.DataError, match=r"b\.yml"):
        build.build(tmp_path / "out", tree, tree / "data")


def test_an_empty_folder_is_an_error(tree, tmp_path):
    (tree / "data" / "nlu" / "a.yml").unlink()
    with pytest.raises(build.DataError, match="no training examples"):
        build.build(tmp_path / "out", tree, tree / "data")
