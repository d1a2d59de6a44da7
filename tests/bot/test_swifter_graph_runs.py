"""A graph run in order gives what Rasa's own scheduler gives."""

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource

from bot.swifter.graph_runs import run_graphs_in_order

CALLS = []


class Join(GraphComponent):
    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls(config["name"])

    def __init__(self, name):
        self._name = name

    def join(self, **inputs):
        CALLS.append(self._name)
        if self._name == "broken":
            raise ValueError("broken")
        return f"{self._name}({','.join(f'{key}={value}' for key, value in sorted(inputs.items()))})"

    def one(self, left=None):
        return self.join(left=left)

    def two(self, left=None, right=None):
        return self.join(left=left, right=right)


def node(name, fn="two", needs=None):
    return SchemaNode(
        needs=needs or {},
        uses=Join,
        constructor_name="create",
        fn=fn,
        config={"name": name},
        eager=True,
        is_target=True,
    )


#: A diamond and a node beside it; written so that its order is none to run it in.
NODES = {
    "end": node("end", needs={"left": "left", "right": "right"}),
    "beside": node("beside", fn="one", needs={"left": "text"}),
    "right": node("right", fn="one", needs={"left": "begin"}),
    "left": node("left", needs={"left": "begin", "right": "text"}),
    "begin": node("begin", fn="one", needs={"left": "text"}),
    "broken": node("broken", fn="one", needs={"left": "begin"}),
    "lacking": node("lacking", fn="one", needs={"left": "nothing gives this"}),
}


@pytest.fixture
def run(monkeypatch):
    rasas_own = DaskGraphRunner.run
    monkeypatch.setattr(DaskGraphRunner, "run", rasas_own)
    runner = DaskGraphRunner(GraphSchema(NODES), None, ExecutionContext(GraphSchema(NODES)))
    run_graphs_in_order()

    def both(inputs, targets):
        outcomes = []
        for how in (rasas_own, DaskGraphRunner.run):
            CALLS.clear()
            try:
                outcomes.append((how(runner, inputs, targets), sorted(CALLS)))
            except (GraphRunError, GraphComponentException) as error:
                outcomes.append((type(error), None))
        return outcomes

    return both


def test_resource_is_what_rasa_names_a_node_s(run):
    assert Resource("begin").name == "begin"


@pytest.mark.parametrize(
    "targets", [["end"], ["beside"], ["end", "beside"], ["left", "end"], ["begin"]], ids=lambda names: "+".join(names)
)
def test_targets_come_out_as_rasa_gives_them_and_nothing_else_is_called(run, targets):
    rasas, ours = run({"text": "hej"}, targets)
    assert ours == rasas
    assert set(ours[0]) == set(targets)


@pytest.mark.parametrize("targets", [["broken"], ["lacking"]], ids=lambda names: names[0])
def test_what_fails_in_rasa_fails_here_in_the_same_way(run, targets):
    rasas, ours = run({"text": "hej"}, targets)
    assert ours == rasas
    assert isinstance(ours[0], type)


def test_an_input_with_the_name_of_a_node_is_refused(run):
    rasas, ours = run({"text": "begin"}, ["end"])
    assert ours == rasas == (GraphRunError, None)


def test_a_second_run_knows_nothing_of_the_first(run):
    (_, first), (_, second) = run({"text": "hej"}, ["end"]), run({"text": "du"}, ["end"])
    assert "hej" in first[0]["end"] and "hej" not in second[0]["end"]
