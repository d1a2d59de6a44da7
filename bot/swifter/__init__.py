"""What Rasa does anew at every turn though it need not, a good part of a short turn; and over and over while it trains.

Rasa has no settings for any of this, so methods of its own are replaced while `rasa run` serves or `rasa train` trains,
and only there. Each module says what is left out and why nothing else changes; a test holds each to what Rasa itself
does.
"""

from __future__ import annotations


def make_swifter() -> None:
    """Replace them all; imports Rasa, which is slow."""
    from bot.swifter.action_answers import check_schema_once
    from bot.swifter.action_calls import tell_the_latest_only
    from bot.swifter.action_connections import keep_connections
    from bot.swifter.graph_runs import run_graphs_in_order
    from bot.swifter.known_intents import trust_the_model

    check_schema_once()
    tell_the_latest_only()
    keep_connections()
    run_graphs_in_order()
    trust_the_model()


def make_training_swifter() -> None:
    """Replace what holds up training; imports Rasa, which is slow."""
    from bot.swifter.training import train_without_copies

    train_without_copies()
