"""Made the files beside it with Pillow 12.3.0, scikit-image 0.26.0 and NumPy 2.4.6.

source.png          37 wide, 29 high: smooth colours with noise
resized-16.png      Resize(16), then CenterCrop(16), as torchvision does them on Pillow images
resized-50.png      the same to 50: enlarged
cut-20x12.png       20 high, 12 wide, the same with the covering size
luma.png            Pillow's convert("L")
cyan-cmyk.jpg       16 x 16 of cyan, with four channels
warp-*.f32          float32: eight parameters, the 3 x 3 matrix, the warped image [h, w]
"""

import numpy as np
from PIL import Image
from skimage import transform

rng = np.random.RandomState(20)
H, W = 29, 37
y, x = np.mgrid[:H, :W].astype(float)
colours = np.stack(
    [
        127 + 120 * np.sin(x / 5 + y / 9),
        255 * (((x // 4) + (y // 3)) % 2),
        3 * x + 4 * y,
    ],
    axis=2,
)
noisy = np.clip(colours + rng.randint(-20, 21, colours.shape), 0, 255)
source = Image.fromarray(noisy.astype(np.uint8))
source.save("source.png")


def fit(image, height, width, scaled_height, scaled_width):
    image = image.resize((scaled_width, scaled_height), Image.BICUBIC)
    top = int(round((scaled_height - height) / 2.0))
    left = int(round((scaled_width - width) / 2.0))
    return image.crop((left, top, left + width, top + height))


fit(source, 16, 16, 16, int(16 * W / H)).save("resized-16.png")
fit(source, 50, 50, 50, int(50 * W / H)).save("resized-50.png")
fit(source, 20, 12, 20, int(20 * W / H)).save("cut-20x12.png")
source.convert("L").save("luma.png")
Image.new("CMYK", (16, 16), (255, 0, 0, 0)).save("cyan-cmyk.jpg")


def translate(tx, ty):
    return np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1.0]])


def scale(sx, sy):
    return np.diag([sx, sy, 1.0])


def rotate(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def warp(name, height, width, flip_x, flip_y, size, turn, along, aniso, dx, dy):
    unit = 2**0.2
    matrix = (
        translate(width / 2 - 0.5, height / 2 - 0.5)
        @ scale(1 - 2 * flip_x, 1)
        @ scale(1, 1 - 2 * flip_y)
        @ scale(unit**size, unit**size)
        @ rotate(-turn)
        @ rotate(along)
        @ scale(unit**aniso, unit**-aniso)
        @ rotate(-along)
        @ translate(width * dx / 8, height * dy / 8)
        @ translate(-width / 2 + 0.5, -height / 2 + 0.5)
    )
    gray = np.asarray(source.convert("L"), dtype=np.float64)[:height, :width]
    image = gray / 127.5 - 1
    moved = transform.warp(
        image,
        transform.AffineTransform(matrix).inverse,
        order=3,
        mode="reflect",
        clip=False,
        preserve_range=True,
    )
    parameters = [flip_x, flip_y, size, turn, along, aniso, dx, dy]
    parts = [np.array(parameters), matrix.ravel(), moved.ravel()]
    np.concatenate(parts).astype("<f4").tofile(f"warp-{name}.f32")


warp("all-square", 16, 16, 1, 1, 0.7, 0.9, -2.1, -1.2, 0.8, -1.5)
warp("all-oblong", 12, 20, 0, 1, -1.1, -2.5, 0.4, 1.6, -0.3, 1.1)
warp("shift-far", 10, 14, 0, 0, 0, 0, 0, 0, 9.3, -17.7)
