"""What a user can do: one class a subject, one method an intention, plain frozen data in and out.

Nothing bound to a database session ever leaves this package, and nothing here knows a window.
"""
