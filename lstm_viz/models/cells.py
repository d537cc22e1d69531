"""The table of cells: kind -> equations. A new cell is one class and one line here."""

from collections.abc import Mapping

from lstm_viz.models.cell import Cell
from lstm_viz.models.gru import GRU
from lstm_viz.models.lstm import LSTM
from lstm_viz.models.rnn import ReluRNN, TanhRNN

CELLS: Mapping[str, Cell] = {cell.kind: cell for cell in (TanhRNN(), ReluRNN(), LSTM(), GRU())}
