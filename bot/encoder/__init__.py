"""Sentence vectors of multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672), run by ONNX Runtime in 8-bit numbers.

`build` prepares a folder from published 4-bit weights, `SentenceEncoder` reads it. Why and how well:
docs/understanding.md.
"""
