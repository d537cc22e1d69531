"""A page that goes wrong."""

if __name__ == "__main__":
    raise RuntimeError("not for visitors")
