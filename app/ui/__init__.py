"""What a person sees and touches; built of Qt widgets on `app.services`, never on the database.

`theme` and `kit` are the look, `frame` the window, `tasks` the background work; pages and dialogs decide nothing
about the domain.
"""
