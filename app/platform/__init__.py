"""What differs from one computer to another: folders, the process, the screen, settings of the machine.

No guest and no register is known here.
"""
