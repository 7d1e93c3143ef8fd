"""Makes the ONNX files beside it, and prints what PyTorch computes with them.

    sudo apt-get install python3-torch
    /usr/bin/python3 tests/models/onnx/pytorch_networks.py
"""
import pathlib

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).parent


def export(name, network, x):
    network.eval()
    names = {"input_names": ["x"], "output_names": ["y"]}
    axes = {"dynamic_axes": {"x": {0: "n"}, "y": {0: "n"}}}
    torch.onnx.export(network, x, FOLDER / name, opset_version=13, **names, **axes)
    print(name, network(x).tolist())


torch.manual_seed(1)
export(
    "pytorch_gelu_swish.onnx",
    nn.Sequential(
        nn.Flatten(), nn.Linear(4, 3), nn.GELU(), nn.Linear(3, 3), nn.SiLU(),
        nn.Linear(3, 2), nn.Softmax(dim=1),
    ),
    torch.tensor([[[0.5, -1.0], [2.0, 0.25]]]),
)
export(
    "pytorch_elu_tanh.onnx",
    nn.Sequential(
        nn.Linear(2, 2), nn.ELU(), nn.Linear(2, 2), nn.LeakyReLU(),
        nn.Linear(2, 2, bias=False), nn.Tanh(), nn.Linear(2, 1), nn.Sigmoid(),
    ),
    torch.tensor([[0.5, -1.0]]),
)


def normalized(network, inputs):
    """What a training would leave in the means and variances."""
    with torch.no_grad():
        for _ in range(20):
            network(torch.randn(64, inputs) * 2 + 1)
    return network


torch.manual_seed(2)
export(
    "pytorch_batch_norm.onnx",
    normalized(
        nn.Sequential(
            nn.BatchNorm1d(2), nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3),
            nn.Dropout(0.5), nn.Linear(3, 2),
        ),
        2,
    ),
    torch.tensor([[0.5, -1.0]]),
)


class Pixels(nn.Module):
    """Pixels from 0 to 255, as many write such networks."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 3)
        self.last = nn.Linear(3, 2)

    def forward(self, x):
        x = (x / 255 - 0.5) / 0.25
        x = x.view(x.size(0), -1)
        return torch.softmax(self.last(torch.tanh(self.hidden(x))), -1)


export("pytorch_pixels.onnx", Pixels(), torch.tensor([[[0.0, 51.0], [102.0, 255.0]]]))
