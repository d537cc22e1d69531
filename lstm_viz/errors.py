"""What can go wrong, said to the person who can mend it.

LstmVizError (a ValueError)
├── ConfigError            a setting out of range, or settings that exclude each other
├── DataError              a series or file that cannot be read or cut into windows
├── UnsupportedModelError  a model whose recurrent layers cannot be traced
├── DivergenceError        training reached a NaN or infinite loss
└── TrainerError           the trainer is gone, or does not know the run it was asked about
"""

from lstm_viz.words import Sentence


class LstmVizError(ValueError):
    """A user's mistake, with the remedy in its message.

    >>> raise ConfigError("The 'window' must be at least 2, got {got}.", got=1)
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The 'window' must be at least 2, got 1.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.sentence = Sentence(template, values)
        super().__init__(template, values)

    def __str__(self) -> str:
        return str(self.sentence)


class ConfigError(LstmVizError):
    """A setting is out of range, or two settings exclude each other."""


class DataError(LstmVizError):
    """A series or file cannot be read or cut into windows."""


class UnsupportedModelError(LstmVizError):
    """A recurrent layer cannot be traced; the message names it and the way out."""


class DivergenceError(LstmVizError):
    """Training reached a NaN or infinite loss."""


class TrainerError(LstmVizError):
    """The trainer is gone, or does not know the run it was asked about."""
