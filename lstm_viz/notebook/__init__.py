"""What a notebook or a script of somebody's own calls besides the instruments."""
