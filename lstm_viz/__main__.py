"""`python -m lstm_viz` is the command `lstm-viz`."""

from lstm_viz.ui.command import main

if __name__ == "__main__":
    main()
