"""A small model, trained as Rasa trains it and kept in Rasa's storage, for the tests that need one."""

import json

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.components.intent_classifier import (
    CALIBRATION_FOLDER,
    ENCODER_FOLDER,
    SECOND_QUESTIONS,
    STAFF_FILE,
    SentenceClassifier,
)
from bot.encoder.build import build_encoder

CONTEXT = ExecutionContext(GraphSchema({}))
NLU = """
version: "3.1"
nlu:
- intent: bibliotek.omlan
  metadata: {language: sv}
  examples: |
    - hur lånar jag om en bok
    - förlänga lånet på en bok
    - kan jag låna om mina böcker
    - boken en vecka till
    - omlån av böcker på biblioteket
    - behöver ha boken längre
- intent: bibliotek.kort
  metadata: {language: sv}
  examples: |
    - hur skaffar jag lånekort
    - jag har tappat mitt bibliotekskort
    - vad behövs för att få ett kort på biblioteket
    - nytt lånekort till mitt barn
    - glömt pinkoden till lånekortet
    - kan jag få bibliotekskort utan personnummer
- intent: parkering.taxa
  metadata: {language: sv}
  examples: |
    - vad kostar det att parkera i centrum
    - pris för parkering
    - parkeringstaxa i stan
    - hur mycket kostar parkeringen per timme
    - avgift för att parkera bilen
    - är det dyrt att parkera
- intent: skolmat.matsedel
  metadata: {language: sv}
  examples: |
    - vad blir det för mat i skolan idag
    - dagens lunch i skolan
    - matsedel för skolan
    - var finns skolans matsedel
    - vad serveras till lunch på fredag
    - skolmaten nästa vecka
- intent: hr_direkt.semester
  metadata: {language: sv}
  examples: |
    - hur ansöker jag om semester som anställd
    - hur många semesterdagar har jag kvar i lönesystemet
    - spara semesterdagar till nästa år
    - min chef ska godkänna min semester
    - registrera semester i självservice
    - växla semesterdagstillägg mot lediga dagar
- intent: hr_direkt.lon
  metadata: {language: sv}
  examples: |
    - var ser jag min lönespecifikation
    - när kommer lönen för oss anställda
    - min lön är fel denna månad
    - byta konto för löneutbetalning
    - fråga om min lön och ob-tillägg
    - har jag fått rätt timlön
- intent: dialogue.ask_human
  metadata: {language: sv}
  examples: |
    - jag vill prata med en människa
    - kan jag få tala med någon
    - koppla mig till en handläggare
    - ge mig en riktig person
    - finns det någon man kan ringa
    - jag vill chatta med personal
- intent: out_of_scope
  metadata: {language: sv}
  examples: |
    - vem vann matchen igår
    - hur lagar man carbonara
    - vad är huvudstaden i Peru
    - skriv en dikt om havet
    - vilken aktie ska jag köpa
    - hur gammal är solen
"""
DANGER = """
- intent: danger.suicide
  examples: |
    - jag vill dö
    - jag orkar inte leva längre
    - jag tänker ta mitt liv ikväll
    - allt är slut, förlåt mig, farväl
    - jag har skrivit avskedsbrev och står på bron
    - det är ingen mening med att leva
- intent: danger.violence
  examples: |
    - min man slår mig
    - han hotar att döda mig
    - jag har blivit misshandlad av min sambo
    - han har kniv och kommer hit
    - pappa slår mamma just nu
    - jag är rädd, han har låst in mig
- intent: danger.fire_accident
  examples: |
    - det brinner i mitt hus
    - elden sprider sig i trapphuset
    - en bil har kört på en cyklist, hon rör sig inte
    - huset är fullt av rök
    - det har hänt en olycka utanför skolan
    - någon har fallit genom isen
- intent: danger.none
  examples: |
    - batteriet i min mobil dör hela tiden
    - jag dör av skratt
    - det brinner i knutarna, jag måste bli klar idag
    - var får man elda löv
    - ordna en brandövning på jobbet
    - jag orkar inte städa längre
    - hur anmäler man en död fågel
    - slår det mig rätt att badet är stängt
"""
#: Questions that nobody trains on, each of which is asked in several ways.
HELD_OUT = {
    "bibliotek.omlan": [
        "får jag behålla boken lite till",
        "förlänga lånetiden på böckerna",
        "lånet går ut, jag är inte klar",
    ],
    "bibliotek.kort": ["mitt lånekort är borta", "skaffa kort till biblioteket", "ny pinkod till bibliotekskortet"],
    "parkering.taxa": ["vad tar ni för parkering", "kostnad att ställa bilen i stan", "timpris på parkeringen"],
    "skolmat.matsedel": ["vad får barnen äta i skolan", "vilken lunch är det imorgon", "skolans meny"],
    "hr_direkt.semester": [
        "hur många semesterdagar har jag som anställd",
        "söka semester hos chefen",
        "spara min semester",
    ],
    "hr_direkt.lon": ["min lönespecifikation saknas", "fel lön utbetald till mig", "när får vi anställda lönen"],
}
OUTCOMES = {
    "human": ["får jag prata med någon", "koppla mig till en person", "jag vill ringa en handläggare"],
    "out_of_scope": ["vilket lag vann igår", "skriv en dikt till mig", "hur stor är månen"],
    "crisis": [
        "jag vill inte leva längre",
        "han slår mig",
        "det brinner i köket",
        "jag tar mitt liv",
        "min sambo hotar mig",
    ],
    "not_crisis": [
        "datorn dör",
        "jag dör av tristess",
        "får jag elda kvistar",
        "orkar inte läsa mer",
        "när är brandövningen",
    ],
}
WAYS = """
{} | {}? | hej {} | hej, {}? | {} tack | undrar {} | en fråga: {} | {} snälla | {} mvh Kim | god dag {} | nu igen: {}
| snabb fråga, {} | {} hur gör jag | {} någon som vet | kan ni hjälpa, {}
""".replace("\n", " ").split("|")


def asked_in(ways, audience="staff", language="sv"):
    """The questions as lines of a file, each in so many ways."""
    shared = {"lang": language, "audience": audience}
    for way in WAYS[:ways]:
        for intent, texts in HELD_OUT.items():
            yield from ({"text": way.format(text).strip(), "expect": [intent], **shared} for text in texts)
        for outcome in ("human", "out_of_scope"):
            yield from ({"text": way.format(text).strip(), "outcome": outcome, **shared} for text in OUTCOMES[outcome])


def told():
    """The lines about danger."""
    return [{"text": text, "outcome": outcome} for outcome in ("crisis", "not_crisis") for text in OUTCOMES[outcome]]


#: How two questions are put into one message.
JOINS = ["Hej! {}? Sen undrar jag: {}?", "{}? {}?", "{} och {}", "{}. Dessutom, {}"]


def asked_together():
    """Messages of two questions as lines of a file, and messages of one that look like two."""
    citizens = [(intent, texts) for intent, texts in HELD_OUT.items() if not intent.startswith("hr_direkt")]
    for number, join in enumerate(JOINS):
        for first, texts in citizens:
            for second, others in citizens:
                if first != second:
                    text = join.format(texts[number % 3], others[(number + 1) % 3])
                    yield {"text": text, "expect": [first, second], "outcome": "multi", "audience": "citizen"}
            told_twice = join.format(texts[number % 3], texts[(number + 1) % 3])
            yield {"text": told_twice, "expect": [first], "audience": "citizen"}
            yield {
                "text": f"Vi har flyttat hit. {texts[0]}? Tack på förhand!",
                "expect": [first],
                "audience": "citizen",
            }


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("encoder") / ENCODER_FOLDER
    build_encoder(out)
    return out


@pytest.fixture(scope="session")
def train(encoder_folder, tmp_path_factory):
    """Trains the component on examples and calibrates it on lines; gives it, and a function that loads it."""

    def one(nlu, lines, two=()):
        folder = tmp_path_factory.mktemp("understanding")
        (folder / ENCODER_FOLDER).symlink_to(encoder_folder)
        (folder / CALIBRATION_FOLDER).mkdir()
        content = "\n".join(map(json.dumps, lines))
        (folder / CALIBRATION_FOLDER / "lines.jsonl").write_text(content, encoding="utf-8")
        together = "\n".join(map(json.dumps, two))
        (folder / CALIBRATION_FOLDER / f"{SECOND_QUESTIONS}.jsonl").write_text(together, encoding="utf-8")
        (folder / STAFF_FILE).write_text('["hr_direkt"]')
        settings = {"folder": str(folder), "min_word_examples": 1, "min_char_examples": 2, "regularization": 1.0}
        config = {**SentenceClassifier.get_default_config(), **settings}
        storage, resource = LocalModelStorage.create(tmp_path_factory.mktemp("storage")), Resource("classifier")
        component = SentenceClassifier.create(config, storage, resource, CONTEXT)
        assert component.train(RasaYAMLReader().reads(nlu)) == resource
        # A model keeps its settings as JSON, which knows no tuples.
        kept = json.loads(json.dumps(config))
        return component, lambda: SentenceClassifier.load(kept, storage, resource, CONTEXT)

    return one


@pytest.fixture(scope="session")
def trained(train):
    return train(NLU + DANGER, [*asked_in(len(WAYS)), *told()], [*asked_together()])
