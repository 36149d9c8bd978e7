"""What is data: texts, code lists, formats of the language, files under `resources/`.

Nothing here knows a person, a database or a window.
"""
