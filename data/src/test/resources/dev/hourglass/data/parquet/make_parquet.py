"""Writes the Parquet files of this folder (pyarrow 25): the layout of the Hugging Face hub's image sets."""

import json
import struct
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

HEIGHT, WIDTH = 5, 7
CLASSES = ["cat", "dog, large", "bird"]


def png(number):
    """Pixel y, x of image n is (20 n + y, 3 x, 200 - n)."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(
        b"\0" + b"".join(bytes([20 * number + y, 3 * x, 200 - number]) for x in range(WIDTH)) for y in range(HEIGHT)
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def table(numbers, labels, image="image", label="label", names=CLASSES, label_type=pa.int64()):
    images = [None if n is None else {"bytes": png(n), "path": f"{n}.png"} for n in numbers]
    columns = {image: pa.array(images, pa.struct([("bytes", pa.binary()), ("path", pa.string())]))}
    features = {image: {"_type": "Image"}}
    if labels is not None:
        columns[label] = pa.array(labels, label_type)
        features[label] = {"names": names, "_type": "ClassLabel"} if names else {"dtype": "int64", "_type": "Value"}
    made = pa.table(columns)
    return made.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})


def main(folder):
    # Eight images in row groups of three; the third and the fourth are the same, so that dictionaries have something to do.
    numbers, labels = [0, 1, 2, 2, 4, 5, 6, 7], [0, 1, 2, 2, 1, 0, 1, 2]
    for compression in ("snappy", "zstd", "gzip", "none"):
        pq.write_table(table(numbers, labels), f"{folder}/{compression}.parquet", compression=compression, row_group_size=3)
    pq.write_table(
        table(numbers, labels, "img", "fine_label", label_type=pa.int32()),
        f"{folder}/plain-v2.parquet",
        compression="snappy",
        use_dictionary=False,
        data_page_version="2.0",
        data_page_size=200,
    )
    pq.write_table(table([0, None, 2], [-1, -1, -1]), f"{folder}/gaps.parquet")
    pq.write_table(table([0, 1], [1, None], names=None), f"{folder}/half-labelled.parquet")
    pq.write_table(pa.table({"text": ["a", "b"]}), f"{folder}/text.parquet")


main(sys.argv[1])
