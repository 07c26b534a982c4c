"""Writes the networks that TorchScriptFeaturesTest runs, and what PyTorch says of them.

    python make_networks.py ../resources/dev/hourglass/evaluation/features

The files in the resources were made with PyTorch 1.13.1. The images are those of
TorchScriptFeaturesTest.pixels: both sides compute them from the same integers.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Network(nn.Module):
    """Features with a place left, and logits; batch norm makes evaluation mode matter."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 6, 5, stride=4)
        self.norm = nn.BatchNorm2d(6)
        self.second = nn.Conv2d(6, 8, 3, stride=2)
        self.head = nn.Linear(8, 5)
        nn.init.normal_(self.norm.running_mean, std=0.3)
        nn.init.uniform_(self.norm.running_var, 0.5, 2)

    def forward(self, x):
        x = self.second(F.gelu(self.norm(self.first(x))))
        return x, self.head(x.mean((2, 3)))


class AsksForFeatures(nn.Module):
    """The arguments of NVIDIA's inception-2015-12-05.pt."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 6, 5, stride=4)
        self.head = nn.Linear(6, 5)

    def forward(self, img, return_features: bool = False, use_fp16: bool = False, no_output_bias: bool = False):
        if img.dtype != torch.uint8:
            raise RuntimeError("expected bytes")
        features = torch.relu(self.first((img.to(torch.float32) - 128) / 128)).mean((2, 3))
        if return_features:
            return features
        return self.head(features).softmax(1)


class Dictionary(nn.Module):
    def forward(self, x):
        return {"features": x.mean((2, 3))}


class Flat(nn.Module):
    def forward(self, x):
        return x.mean((1, 2, 3))


def pixels(n, c, h, w):
    n, c, y, x = np.ogrid[:n, :c, :h, :w]
    value = (7 + 5 * c) * x + (11 + 3 * n) * y + x * y // (9 + c) + 40 * n
    return torch.from_numpy((np.abs(value % 510 - 255)).astype(np.uint8))


def coloured(images):
    return images.expand(-1, 3, -1, -1)


def normalised(levels, mean, std):
    return (levels / 255 - torch.tensor(mean).view(1, 3, 1, 1)) / torch.tensor(std).view(1, 3, 1, 1)


def clip(images):
    h, w = images.shape[2:]
    size = (224, 224 * w // h) if h <= w else (224 * h // w, 224)
    x = F.interpolate(images.float(), size, mode="bicubic", antialias=True).round().clamp(0, 255)
    top, left = (int(round((s - 224) / 2)) for s in size)
    x = x[:, :, top : top + 224, left : left + 224]
    return normalised(x, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])


def dinov2(images):
    x = F.interpolate(images.float(), (224, 224), mode="bicubic", antialias=True)
    return normalised(x, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def none(images):
    return images.float() / 255


def save(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        part = tensor.contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.uint8: "U8"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main(folder):
    torch.manual_seed(1)
    network = Network()
    expected = {}
    torch.jit.script(network.train()).save(folder / "network.pt")
    network.eval()
    torch.jit.freeze(torch.jit.script(network)).save(folder / "frozen.pt")
    asks = AsksForFeatures().eval()
    torch.jit.script(asks).save(folder / "asks-for-features.pt")
    torch.jit.script(Dictionary()).save(folder / "dictionary.pt")
    torch.jit.script(Flat()).save(folder / "flat.pt")
    torch.save(network.state_dict(), folder / "weights-alone.pt")
    with torch.no_grad():
        for n, c, h, w in [(3, 3, 30, 44), (2, 3, 300, 260), (2, 1, 41, 37)]:
            images = coloured(pixels(n, c, h, w))
            size = f"{c}x{h}x{w}"
            for name, prepare in [("none", none), ("clip", clip), ("dinov2", dinov2)]:
                features, logits = network(prepare(images))
                expected[f"features.{name} {size}"] = features.mean((2, 3))
                expected[f"logits.{name} {size}"] = logits
            expected[f"features.inception {size}"] = asks(images, return_features=True)
    save(folder / "expected.safetensors", expected)


main(Path(sys.argv[1]))
