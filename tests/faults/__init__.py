"""Every call to the system that a deed makes, failing once: the disk full, the disk failing, the file refused.

`python -m tests.faults --what entries,backup --error ENOSPC,EIO` (docs/faults.md). It needs Linux and strace, which
makes the calls fail; nothing of the program is changed for it.
"""
