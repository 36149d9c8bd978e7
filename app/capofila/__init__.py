"""The receiving service of the capofila: it enrols shelters, files their signed totals and gives receipts.

It has a store of its own and knows nothing of a shelter's register; it never asks a shelter for anything.
"""
