"""Rasa checks every answer of the actions against a schema, and the schema itself anew each time: half of a short turn.

The schema does not change while the process runs, so it is checked once and the answers are checked with what came of
that. Rasa has no setting for it, so its one method is replaced; a test holds ours to the same verdicts.
"""

from __future__ import annotations

from typing import Any, Dict, Text

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check_schema_once() -> None:
    """Let `RemoteAction` check answers with a validator that is made once."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(self: RemoteAction, result: Dict[Text, Any]) -> bool:
        """Tell that the answer has the right shape; raises `jsonschema.ValidationError` when it has not."""
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
