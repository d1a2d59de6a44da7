"""What was loaded stays until the process ends; looking through it for garbage would stop every turn for a while.

With Rasa, TensorFlow and a model there are over half a million such objects.
"""

from __future__ import annotations

import gc


def keep_what_is_loaded() -> None:
    """Collect once, and leave what is left out of later collections."""
    gc.collect()
    gc.freeze()
