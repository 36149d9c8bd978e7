"""The board of the network: pages for the people of the capofila, made on the server, with no script.

It reads through `app.capofila.register` and does through the office's own rules; no rule of the network is here.
"""
