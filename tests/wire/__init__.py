"""The wire under a liar: the real courier over a real vault, real capofilas, and everything bad that a network can do.

`schedule` draws what happens from a seed, `house` is the shelter, `post` the capofilas, `liar` what stands between
them, `socket_road` carries the same over TLS. `python -m tests.wire --schedules 3000` runs many.
"""
