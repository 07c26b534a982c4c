"""Writes checkpoints as torch.save does, with Python's own pickle module but without PyTorch.

Classes and functions of PyTorch's names stand in for PyTorch's own, so the pickles are what pickling a
PyTorch object gives; the archive has PyTorch's entries, uncompressed and aligned to 64 bytes.

    python3 torch_save.py FOLDER

writes the test files of the modules torchfile, model and cli into their resource folders below FOLDER, the
repository. Every number in them follows from a name and an index, see `value`.
"""

import collections
import io
import json
import pickle
import struct
import sys
import types
import zipfile
import zlib
from pathlib import Path

ELEMENTS = {  # storage class: struct format of an element
    "DoubleStorage": "d", "FloatStorage": "f", "HalfStorage": "e", "BFloat16Storage": "H",
    "LongStorage": "q", "IntStorage": "i", "ShortStorage": "h", "CharStorage": "b",
    "ByteStorage": "B", "BoolStorage": "?", "UntypedStorage": "B",
}
MODULES = {}


def module(name):
    if name not in MODULES:
        MODULES[name] = sys.modules[name] = types.ModuleType(name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(module(parent), child, MODULES[name])
    return MODULES[name]


def stand_in(module_name, name, kind):
    """A class or function that pickles as module_name.name."""
    made = type(name, (), {}) if kind == "class" else types.FunctionType(
        (lambda *args: None).__code__, {}, name)
    made.__module__, made.__qualname__ = module_name, name
    setattr(module(module_name), name, made)
    return made


for storage_name in ELEMENTS:
    stand_in("torch.storage" if storage_name == "UntypedStorage" else "torch", storage_name, "class")
REBUILD_V2 = stand_in("torch._utils", "_rebuild_tensor_v2", "function")
REBUILD_V3 = stand_in("torch._utils", "_rebuild_tensor_v3", "function")
REBUILD_PARAMETER = stand_in("torch._utils", "_rebuild_parameter", "function")
SIZE = stand_in("torch", "Size", "class")
DEVICE = stand_in("torch", "device", "class")


class Dtype:
    """torch.float8_e5m2 and so on pickle as a global of the module torch."""

    def __init__(self, name):
        self.name = name
        setattr(module("torch"), name, self)

    def __reduce__(self):
        return self.name

    __module__ = "torch"


class Storage:
    def __init__(self, kind, values):
        self.kind = kind
        self.numel = len(values)
        self.bytes = struct.pack("<%d%s" % (len(values), ELEMENTS[kind]), *values)


class Call:
    """Pickles as the call of a function: an object with the __reduce__ that PyTorch's has."""

    def __init__(self, function, *args):
        self.reduced = function, args

    def __reduce__(self):
        return self.reduced


def strides(shape):
    result, step = [], 1
    for size in reversed(shape):
        result.insert(0, step)
        step *= size
    return tuple(result)


def tensor(storage, shape, offset=0, stride=None):
    return Call(REBUILD_V2, storage, offset, tuple(shape), tuple(stride or strides(shape)), False,
                collections.OrderedDict())


def floats(name, shape, kind="FloatStorage"):
    count = 1
    for size in shape:
        count *= size
    values = [value(name, i) for i in range(count)]
    if kind == "BFloat16Storage":
        values = [struct.unpack("<I", struct.pack("<f", x))[0] >> 16 for x in values]
    return tensor(Storage(kind, values), shape)


def value(name, index):
    """In (0, 0.2): a multiple of 1/1024, which every type but the 8-bit ones holds exactly."""
    return ((zlib.crc32(name.encode()) + 7919 * index) % 200 + 1) / 1024


def save(obj, path, folder, protocol=2, byteorder=b"little", device="cuda:0"):
    storages = {}

    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            if not isinstance(item, Storage):
                return None
            key = storages.setdefault(id(item), (str(len(storages)), item))[0]
            owner = "torch.storage" if item.kind == "UntypedStorage" else "torch"
            return "storage", getattr(module(owner), item.kind), key, device, item.numel

    data = io.BytesIO()
    Pickler(data, protocol=protocol).dump(obj)
    entries = [("data.pkl", data.getvalue()), (".format_version", b"1"), ("byteorder", byteorder)]
    entries += [("data/" + key, item.bytes) for key, item in storages.values()]
    entries += [("version", b"3\n")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(folder + "/" + name, (1980, 1, 1, 0, 0, 0))
            # PyTorch fills the local header's extra field so that the data begins at a multiple of 64.
            begin = archive.fp.tell() + 30 + len(info.filename) + 4
            padding = -begin % 64
            info.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding
            archive.writestr(info, content)


def state_dict(prefix, shapes, kind="FloatStorage"):
    state = collections.OrderedDict()
    for name, shape in shapes.items():
        state[name] = floats(prefix + name, shape, kind)
    # PyTorch's state dicts carry the versions of their modules as an attribute.
    state._metadata = collections.OrderedDict([("", {"version": 1}), ("mapping", {"version": 1})])
    return state


def kinds():
    """One tensor of every kind."""
    shared = Storage("FloatStorage", range(12))
    e5m2 = Dtype("float8_e5m2")
    return {
        "f64": floats("f64", [2, 3], "DoubleStorage"),
        "f16": floats("f16", [5], "HalfStorage"),
        "bf16": floats("bf16", [5], "BFloat16Storage"),
        "i64": tensor(Storage("LongStorage", [1, -2, 2 ** 62]), [3]),
        "u8": tensor(Storage("ByteStorage", [7, 255]), [2]),
        "bool": tensor(Storage("BoolStorage", [True, False]), [2]),
        "f8": Call(REBUILD_V3, Storage("UntypedStorage", [0x3C, 0xBC, 0x00]), 0, (3,), (1,), False,
                   collections.OrderedDict(), e5m2),
        "whole": tensor(shared, [3, 4]),
        "row": tensor(shared, [4], offset=4),
        "transposed": tensor(shared, [4, 3], stride=[1, 4]),
        "every_second": tensor(shared, [2, 2], offset=1, stride=[6, 2]),
        "scalar": tensor(shared, [], offset=11),
        "empty": tensor(Storage("FloatStorage", []), [0, 3]),
        "parameter": Call(REBUILD_PARAMETER, tensor(shared, [1, 12]), True, collections.OrderedDict()),
        "numbers": [1, -1, 300, 70000, 2 ** 40, 2 ** 70, 0.5, True, None, (1, "zwei \u00e4")],
        "size": Call(SIZE, (2, 3)),
        "device": Call(DEVICE, "cuda", 0),
        "device_of_tensor": {"a": Call(DEVICE, "cpu")},
        "text": "by itself",
        "nested": {"deeper": {"tensor": tensor(shared, [2])}},
    }


def checkpoint(config, shapes):
    """What k-diffusion's train.py saves after its first step."""
    averaged = state_dict("model_ema.", shapes)
    trained = state_dict("model.", shapes)
    some = list(shapes)[0]
    return {
        "config": config,
        "model": trained,
        "model_ema": averaged,
        "opt": {
            "state": {0: {"step": tensor(Storage("FloatStorage", [1.0]), []),
                          "exp_avg": floats("exp_avg", shapes[some]),
                          "exp_avg_sq": floats("exp_avg_sq", shapes[some])}},
            "param_groups": [{"lr": 0.0005, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 1e-4,
                              "amsgrad": False, "foreach": None, "params": [0]}],
        },
        "sched": {"warmup": 0.0, "base_lrs": [0.0005], "last_epoch": 1, "_step_count": 2,
                  "_get_lr_called_within_step": False, "_last_lr": [0.0005]},
        "ema_sched": {"inv_gamma": 1.0, "power": 0.6667, "min_value": 0.0, "max_value": 0.9999,
                      "start_at": 0, "last_epoch": 1},
        "epoch": 0,
        "step": 10000,
        "gns_stats": None,
        "ema_stats": {"loss": 0.75},
        "demo_gen": tensor(Storage("ByteStorage", [i % 256 for i in range(5056)]), [5056]),
        "elapsed": 12.5,
    }


def main(root):
    own = root / "torchfile/src/test/resources/dev/hourglass/torchfile"
    for protocol in range(2, 6):
        save(kinds(), own / ("kinds-protocol%d.pth" % protocol), "archive", protocol)
    save(kinds(), own / "big-endian.pth", "archive", byteorder=b"big")
    save(state_dict("", {"a.weight": [2, 2], "a.bias": [2]}), own / "state-dict.pth", "weights-1.0",
         device="cpu")
    shared = Storage("FloatStorage", range(12))
    plain = {
        "f64": floats("f64", [2, 3], "DoubleStorage"), "f16": floats("f16", [5], "HalfStorage"),
        "bf16": floats("bf16", [5], "BFloat16Storage"), "whole": tensor(shared, [3, 4]),
        "transposed": tensor(shared, [4, 3], stride=[1, 4]), "row": tensor(shared, [4], offset=4),
        "scalar": tensor(shared, [], offset=11),
    }
    save(plain, root / "model/src/test/resources/dev/hourglass/model/plain.pth", "archive", device="cpu")
    cli = root / "cli/src/test/resources/dev/hourglass/cli"
    config = json.loads((cli / "k-diffusion.json").read_text())
    shapes = json.loads((cli / "k-diffusion-shapes.json").read_text())
    save(checkpoint(config, shapes), cli / "k-diffusion.pth", "model_00010000")
    without = {"model_ema": state_dict("model_ema.", shapes), "step": 20000}
    save(without, cli / "k-diffusion-without-config.pth", "model_00020000", device="cpu")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
