package dev.hourglass.data.image;

/**
 * An image in memory, without alpha.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels 1 (gray) or 3 (red, green, blue)
 * @param pixels 8-bit samples, {@code [height, width, channels]}; not copied
 * @param turnedFrom the orientation that it was stored in, before it was turned upright
 */
@SuppressWarnings("ArrayRecordComponent") // A plain buffer, passed on without copies.
public record DecodedImage(
    int height, int width, int channels, byte[] pixels, Orientation turnedFrom) {

  public DecodedImage {
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "an image needs 1 or 3 channels and a positive size, got %d x %d x %d"
              .formatted(height, width, channels));
    }
    if (pixels.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          "%d samples for an image of %d x %d x %d"
              .formatted(pixels.length, height, width, channels));
    }
  }

  /** An image that was stored upright. */
  public DecodedImage(int height, int width, int channels, byte[] pixels) {
    this(height, width, channels, pixels, Orientation.NORMAL);
  }

  /** The image as it was stored, whatever its EXIF data say. */
  public DecodedImage asStored() {
    return turnedFrom.asStored(this);
  }

  /** The samples as floats in [-1, 1], {@code [channels, height, width]}. */
  public float[] toFloats() {
    int plane = height * width;
    float[] floats = new float[channels * plane];
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        floats[c * plane + i] = (pixels[i * channels + c] & 0xFF) / 127.5f - 1;
      }
    }
    return floats;
  }

  /**
   * The same image with another number of channels: gray is repeated, colour becomes luma by ITU-R
   * BT.601 (0.299, 0.587, 0.114), in the fixed-point form that Pillow uses.
   *
   * @param target 1 or 3
   */
  public DecodedImage withChannels(int target) {
    if (target == channels) {
      return this;
    }
    int plane = height * width;
    byte[] converted = new byte[plane * target];
    for (int i = 0; i < plane; i++) {
      if (target == 3) {
        converted[3 * i] = pixels[i];
        converted[3 * i + 1] = pixels[i];
        converted[3 * i + 2] = pixels[i];
      } else {
        int red = pixels[3 * i] & 0xFF;
        int green = pixels[3 * i + 1] & 0xFF;
        int blue = pixels[3 * i + 2] & 0xFF;
        converted[i] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
      }
    }
    return new DecodedImage(height, width, target, converted, turnedFrom);
  }
}
