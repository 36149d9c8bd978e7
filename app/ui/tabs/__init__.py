"""The tabs of a guest's card, one module a topic; the card builds them in the order of its own list."""
