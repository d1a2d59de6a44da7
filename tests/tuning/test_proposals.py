"""What a labelled text becomes when it is made an example."""

from __future__ import annotations

import pytest

from handover.tuning.inbox.proposals import voice_of, written_in


@pytest.mark.parametrize(
    ("conversation", "language", "voice"),
    [("sv", "sv", "vardag"), ("sv-x-easy", "sv", "vardag"), ("en", "en", "en"), ("ar", "ar", "vardag")],
)
def test_example_is_in_the_language_and_the_voice_that_people_write(
    conversation: str, language: str, voice: str
) -> None:
    assert (written_in(conversation), voice_of(written_in(conversation))) == (language, voice)
