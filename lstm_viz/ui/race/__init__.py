"""The race on the compare page: who takes part, the lanes, the film on one clock."""
