"""Commands that measure what the program promises, for anybody to run; nothing of the program imports them."""
