"""A blog for feed readers: its latest entries as Atom, RSS 2.0 and JSON Feed (docs/contracts/feeds.md).

Entries come from their snapshots, as their fragments do, and are written anew: a feed
reader has none of our styles and scripts, and keeps what it has read.
"""
