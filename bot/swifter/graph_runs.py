"""Rasa hands every run of a model's graph to Dask, whose scheduler takes longer than most nodes do.

A graph that is served never changes, so the order of its nodes for given targets is found once, and they are called one
after the other. Each gets what Dask would give it; a node that is cut off would be an error in both.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

#: A node's name, the node, and the names of what it is given.
Step = Tuple[Text, GraphNode, Tuple[Text, ...]]


def run_graphs_in_order() -> None:
    """Let `DaskGraphRunner` call nodes in an order that is found once."""
    DaskGraphRunner.run = _run


def _run(
    self: DaskGraphRunner, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
) -> Dict[Text, Any]:
    """Return the output of each target, by its name; raises `GraphRunError` as Rasa's own does."""
    wanted = tuple(targets or self._graph_schema.target_names)
    orders: Dict[Tuple[Text, ...], List[Step]] = self.__dict__.setdefault("_orders", {})
    if wanted not in orders:
        orders[wanted] = _order(self, wanted)
    found: Dict[Text, Any] = {}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and any(value == step[0] for step in orders[wanted]):
            raise GraphRunError(f"The input '{value}' has the name of a node.")
        found[name] = (name, value)
    for name, node, needs in orders[wanted]:
        # A node that lacks an input is given its name, and says so itself.
        found[name] = node(*(found.get(need, need) for need in needs))
    return dict(found[target] for target in wanted)


def _order(runner: DaskGraphRunner, targets: Tuple[Text, ...]) -> List[Step]:
    """Return what has to be called for these targets, each after what it needs."""
    nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
    steps: Dict[Text, Step] = {}

    def add(name: Text) -> None:
        if name in steps or name not in nodes:
            return
        needs = tuple(nodes[name].needs.values())
        for need in needs:
            add(need)
        steps[name] = (name, runner._instantiated_nodes[name], needs)

    for name in nodes:
        add(name)
    return list(steps.values())
