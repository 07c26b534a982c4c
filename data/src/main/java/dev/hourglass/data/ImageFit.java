package dev.hourglass.data;

import dev.hourglass.config.Size;
import dev.hourglass.data.ImageResizer.Side;
import dev.hourglass.data.image.DecodedImage;

/**
 * Brings an image of any size and colour to what a model takes: shrunk or enlarged, aspect ratio
 * kept, until it just covers the target; then the centre is cut out; then the channels are
 * converted. For square targets this is torchvision's {@code Resize(size)} and {@code
 * CenterCrop(size)} with Pillow's antialiased bicubic filter.
 */
public final class ImageFit {

  private ImageFit() {}

  /**
   * Fits one image.
   *
   * @param channels 1 or 3
   * @return {@code [size.height, size.width, channels]}; the image itself where nothing changes
   */
  public static DecodedImage fit(DecodedImage image, Size size, int channels) {
    if (image.height() == size.height() && image.width() == size.width()) {
      return image.withChannels(channels);
    }
    long height = image.height();
    long width = image.width();
    // Whichever side is proportionally shorter fits exactly; torchvision rounds the other down.
    boolean heightFits = size.height() * width >= size.width() * height;
    long scaledHeight = heightFits ? size.height() : height * size.width() / width;
    long scaledWidth = heightFits ? width * size.height() / height : size.width();
    Side vertical = centred(image.height(), scaledHeight, size.height());
    Side horizontal = centred(image.width(), scaledWidth, size.width());
    return ImageResizer.resize(image, vertical, horizontal).withChannels(channels);
  }

  private static Side centred(int from, long scaled, int length) {
    // Ties round to even, as Python's round does.
    long offset = (long) Math.rint((scaled - length) / 2.0);
    return new Side(from, scaled, offset, length);
  }
}
