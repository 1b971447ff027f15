"""The receiving half of the wire: from the channel layer (or, behind it, the database) to every open page.

One relay, one hub and one sync loop a server process. Readers touch neither the channel layer nor the database, so a fault of either
makes them late and never wrong.
"""
