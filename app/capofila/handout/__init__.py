"""What the capofila hands out: a workbook, a report as PDF, ADX, DHIS2 and CSV files, reminders.

Made in memory from received reports; every total obeys one rule (`total.py`), and nothing here reads a store.
"""
