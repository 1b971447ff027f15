"""What ours is compared with: the way of Channels' tutorial, nginx with nchan, and a cached view as Django's manual has it."""
