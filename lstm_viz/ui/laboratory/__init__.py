"""The laboratory: what is measured of the very network on screen, when somebody asks for it."""
