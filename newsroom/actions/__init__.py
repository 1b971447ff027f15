"""Everything that writes. One keyword-only function an editorial verb; views, admin, importers and commands call these and nothing else."""
