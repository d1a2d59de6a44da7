"""Accessibility as a gate: every state of widget and portal, and what is asked of each. See `docs/accessibility.md`."""
