"""Makes the ONNX files beside it, and prints what PyTorch computes with them.

    sudo apt-get install python3-torch
    /usr/bin/python3 tests/formats/onnx/pytorch_networks.py
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
