"""The compartments of sealed values, as the key file names them.

Which role opens which is in `app.services.role`; how a value is sealed, in `app.vault.seal`.
"""

from __future__ import annotations

HEALTH, LAW, SAFETY, PATH = "health", "law", "safety", "path"
COMPARTMENTS = (HEALTH, LAW, SAFETY, PATH)
