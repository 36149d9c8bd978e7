"""What the register holds, as SQLAlchemy classes, and the rules that are theirs alone.

No session is opened here and nothing is asked of the store: rules take plain values and answer.
"""
