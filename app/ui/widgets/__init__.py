"""Widgets painted for one page, such as the month grid."""
