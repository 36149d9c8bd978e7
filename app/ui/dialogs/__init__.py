"""The dialogs: forms that end in one intention, and short questions."""
