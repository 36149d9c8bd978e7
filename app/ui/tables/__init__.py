"""Table models: rows of frozen data for views; no query and no widget."""
