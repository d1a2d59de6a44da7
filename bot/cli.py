"""Rasa's own command as we run it: `kontakt-rasa run …`.

Without the deprecation warnings of the libraries that it is pinned to, without what `bot/swifter` leaves out of a turn,
and with one thread for the small products of a turn: waking a second one takes longer than they do.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

from bot.swifter import make_swifter, make_training_swifter

_NOT_OURS = (DeprecationWarning, FutureWarning, PendingDeprecationWarning)
_show = warnings.showwarning


def _show_what_matters(message: Any, category: Any, *rest: Any, **named: Any) -> None:
    """Show a warning unless it only tells a library's author to move on."""
    if not issubclass(category, _NOT_OURS):
        _show(message, category, *rest, **named)


def main() -> None:
    """Run the rasa command line."""
    warnings.showwarning = _show_what_matters
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from rasa.__main__ import main as rasa_main

    if sys.argv[1:2] == ["run"]:
        make_swifter()
    elif sys.argv[1:2] == ["train"]:
        make_training_swifter()
    rasa_main()
