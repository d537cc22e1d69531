"""A model with two layers and a method for each, and a batch for it."""

import torch
from torch import nn

B, T, D, H = 3, 7, 4, 5


def sequence():
    torch.manual_seed(0)
    return torch.randn(T, B, D)


x = sequence()


class TwoParts(nn.Module):
    """Has methods for its halves, as translators and actors with critics have."""

    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = nn.GRU(D, H), nn.GRU(H, H)

    def encode(self, x):
        return self.encoder(x)[0]

    def decode(self, code):
        return self.decoder(code)[0]

    def forward(self, x):
        return self.decode(self.encode(x))
