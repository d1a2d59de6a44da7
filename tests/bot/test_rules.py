"""Our rule policy predicts what Rasa's own does, for whatever was said before."""

import json

import numpy as np
import pytest
import yaml
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.training import load_data
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers.rasa import RasaFileImporter

from bot.build import ANSWER_ACTION, DANGER_ACTION, ROOT
from bot.components import rules
from bot.components.rules import QuickRulePolicy

CONTEXT = ExecutionContext(GraphSchema({}))
FAQS = ("bygglov.behovs", "bygglov.avgift", "hr.semester")
DANGERS = ("danger.none", "danger.suicide")
#: Known to the domain and named by no rule.
WITHOUT_RULE = "dialogue.other"


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain_file(tmp_path_factory):
    """The repository's domain with the intents of its rules, three questions, danger, and one without a rule."""
    steps = [rule["steps"][0] for rule in read(ROOT / "bot" / "rules.yml")["rules"]]
    talk = [one["intent"] for step in steps for one in step.get("or", [step]) if one["intent"] != "nlu_fallback"]
    path = tmp_path_factory.mktemp("domain") / "domain.yml"
    content = {**read(ROOT / "bot" / "domain.yml"), "intents": [*FAQS, *DANGERS, *talk, WITHOUT_RULE]}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def domain(domain_file):
    return Domain.load(str(domain_file))


@pytest.fixture(scope="module")
def trackers(domain_file, domain, tmp_path_factory):
    """What the policies learn from: the repository's rules and those that the build adds."""
    built = tmp_path_factory.mktemp("rules") / "rules.yml"
    pairs = [*((name, ANSWER_ACTION) for name in FAQS), *((name, DANGER_ACTION) for name in DANGERS)]
    added = [{"rule": name, "steps": [{"intent": name}, {"action": action}]} for name, action in pairs]
    built.write_text(yaml.safe_dump({"version": "3.1", "rules": added}), encoding="utf-8")
    files = [str(ROOT / "bot" / "rules.yml"), str(built)]
    importer = RasaFileImporter(domain_path=str(domain_file), training_data_paths=files)
    return load_data(importer, domain, augmentation_factor=0)


@pytest.fixture(scope="module")
def learn(trackers, domain, tmp_path_factory):
    """Trains a policy as config.yml sets it; gives it, and the same one loaded."""
    (settings,) = read(ROOT / "config.yml")["policies"]

    def one(kind):
        config = {**kind.get_default_config(), **{key: value for key, value in settings.items() if key != "name"}}
        storage, resource = LocalModelStorage.create(tmp_path_factory.mktemp("storage")), Resource("rules")
        policy = kind.create(config, storage, resource, CONTEXT)
        assert policy.train(trackers, domain) == resource
        return policy, kind.load(config, storage, resource, CONTEXT)

    return one


@pytest.fixture(scope="module")
def own(learn):
    return learn(QuickRulePolicy)


@pytest.fixture(scope="module")
def rasas(learn):
    return learn(RulePolicy)


def said(intent):
    return UserUttered("?", {"name": intent, "confidence": 0.9})


def conversations(domain):
    """Each intent at the start, after an answer and after talk; and the moment after each intent's action."""
    listening, answered = ActionExecuted("action_listen"), ActionExecuted(ANSWER_ACTION)
    before = ([], [listening, said(FAQS[0]), answered], [listening, said("dialogue.greet"), answered] * 3)
    for intent in [*domain.intents, None]:
        for earlier in before:
            yield [*earlier, listening, said(intent)]
        for action in domain.user_actions:
            yield [listening, said(intent), ActionExecuted(action)]
    yield []
    yield [listening]


def predict(policy, domain, events):
    """All of a prediction but the name of the policy."""
    tracker = DialogueStateTracker.from_events("c-1", events, slots=domain.slots)
    prediction = vars(policy.predict_action_probabilities(tracker, domain))
    return {key: value for key, value in prediction.items() if key != "policy_name"}


def action_of(prediction, domain):
    return domain.action_names_or_texts[int(np.argmax(prediction["probabilities"]))]


def test_it_is_the_policy_that_the_configuration_names():
    (settings,) = read(ROOT / "config.yml")["policies"]
    assert settings["name"] == f"{QuickRulePolicy.__module__}.{QuickRulePolicy.__name__}"


def test_it_learns_the_same_rules(own, rasas):
    assert own[0].lookup == rasas[0].lookup == own[1].lookup
    assert own[0].lookup["rules"]


def test_every_prediction_is_that_of_rasas_own_policy(own, rasas, domain):
    """Twice over: what was kept of the first prediction changes nothing in the second."""
    chosen = set()
    for ours, theirs in zip(own, rasas, strict=True):
        for events in [*conversations(domain)] * 2:
            expected = predict(theirs, domain, events)
            assert predict(ours, domain, events) == expected, events
            chosen.add(action_of(expected, domain))
    assert chosen >= set(domain.user_actions) | {"action_listen"}


def test_each_intent_leads_to_the_action_of_its_rule(own, domain):
    def action_after(intent):
        return action_of(predict(own[1], domain, [ActionExecuted("action_listen"), said(intent)]), domain)

    assert {action_after(intent) for intent in FAQS} == {ANSWER_ACTION}
    assert {action_after(intent) for intent in DANGERS} == {DANGER_ACTION}
    assert action_after("dialogue.ask_human") == "action_escalate"
    assert action_after("nlu_fallback") == action_after(WITHOUT_RULE) == "action_clarify"


def test_a_rule_is_taken_apart_once(own, domain, monkeypatch):
    policy = own[1]
    events = [ActionExecuted("action_listen"), said(FAQS[1])]
    expected = predict(policy, domain, events)
    for key in policy.lookup["rules"]:
        assert policy._rule_key_to_state(key) == json.loads(key)
    monkeypatch.setattr(rules.json, "loads", None)
    assert predict(policy, domain, events) == expected
