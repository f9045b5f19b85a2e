"""Texts as vectors: words, encoders, the shipped Chinese model, the vector index.

Import what you need from its own module; importing this package loads nothing.
"""
