"""A second reader of `.synapack` bundles, written from schemas/bundle.md and bundle.proto alone.

It shares nothing with the program that writes bundles: what both agree on is what the page says,
so a slip of the page or of the writer shows here.
"""
