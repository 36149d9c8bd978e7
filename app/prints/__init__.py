"""Paper: plain frozen dataclasses go in, the bytes of a PDF or of a workbook come out, all in memory.

Nothing here knows a database or a window, and nothing writes a file, not even a temporary one.
"""
