"""Trainings: started from a change set, watched, judged, and what came of them."""
