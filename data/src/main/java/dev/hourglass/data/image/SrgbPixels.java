package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Optional;
import java.util.stream.IntStream;

/** Stored samples of any kind to 8 bits of sRGB, or of gray with its curve, over white. */
final class SrgbPixels {

  private SrgbPixels() {}

  /**
   * Converts a picture; it is not turned.
   *
   * @throws UnreadableException if what its samples mean is not known
   */
  static DecodedImage of(Picture picture) throws UnreadableException {
    BufferedImage image = picture.image();
    ColorModel model = image.getColorModel();
    Optional<ColourProfile> profile =
        picture
            .profile()
            .or(() -> profileOf(model.getColorSpace()))
            .filter(p -> p.components() == model.getNumColorComponents());
    if (model instanceof IndexColorModel palette) {
      return fromPalette(image.getRaster(), palette, profile);
    }
    if (hasPlainBands(model, profile)) {
      return fromBands(Samples.upTo16Bits(image.getRaster()), model, profile);
    }
    if (model.getColorSpace().isCS_sRGB()) {
      return fromArgb(image, profile);
    }
    BufferedImage converted =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    new ColorConvertOp(null).filter(image, converted);
    return fromArgb(converted, Optional.empty());
  }

  /** A profile that came with the image; the JDK's own gray stands for gray without a profile. */
  private static Optional<ColourProfile> profileOf(ColorSpace space) {
    return space instanceof ICC_ColorSpace icc
            && !icc.isCS_sRGB()
            && !icc.equals(ColorSpace.getInstance(ColorSpace.CS_GRAY))
        ? ColourProfile.of(icc.getProfile().getData())
        : Optional.empty();
  }

  /**
   * Whether the samples can be taken as they are. Gray must not go through {@code getRGB}, which
   * treats it as linear light and would brighten it.
   */
  private static boolean hasPlainBands(ColorModel model, Optional<ColourProfile> profile) {
    ColorSpace space = model.getColorSpace();
    return model instanceof ComponentColorModel
        && !(model.hasAlpha() && model.isAlphaPremultiplied())
        && (space.isCS_sRGB()
            || space.getType() == ColorSpace.TYPE_GRAY
            || (space.getType() == ColorSpace.TYPE_RGB && space instanceof ICC_ColorSpace)
            || profile.isPresent());
  }

  private static DecodedImage fromPalette(
      Raster raster, IndexColorModel palette, Optional<ColourProfile> profile) {
    int colours = palette.getMapSize();
    int[] argb = new int[colours];
    palette.getRGBs(argb);
    byte[] rgb = colours(argb, profile);
    int channels = isGray(rgb) ? 1 : 3;
    byte[] overWhite = new byte[colours * channels];
    for (int i = 0; i < colours; i++) {
      for (int c = 0; c < channels; c++) {
        overWhite[i * channels + c] = overWhite(rgb[3 * i + c] & 0xFF, argb[i] >>> 24);
      }
    }
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] pixels = new byte[height * width * channels]; // [h, w, c]
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        // An index beyond the palette is black, as decoders show it.
        for (int c = 0; c < channels && row[x] < colours; c++) {
          pixels[(y * width + x) * channels + c] = overWhite[row[x] * channels + c];
        }
      }
    }
    return new DecodedImage(height, width, channels, pixels);
  }

  /** The colours without alpha, converted: {@code [n, 3]}. */
  private static byte[] colours(int[] argb, Optional<ColourProfile> profile) {
    byte[] rgb = new byte[3 * argb.length];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
    }
    return profile.filter(p -> p.components() == 3).map(p -> p.toSrgb(rgb)).orElse(rgb);
  }

  private static boolean isGray(byte[] rgb) {
    return IntStream.range(0, rgb.length / 3)
        .allMatch(i -> rgb[3 * i] == rgb[3 * i + 1] && rgb[3 * i] == rgb[3 * i + 2]);
  }

  private static DecodedImage fromBands(
      Raster raster, ColorModel model, Optional<ColourProfile> profile) throws UnreadableException {
    int colourBands = model.getNumColorComponents();
    byte[] colours; // [h, w, 3] where a profile converted them, else [h, w, bands]
    if (profile.isPresent()) {
      int[] bands = IntStream.range(0, colourBands).toArray();
      colours =
          profile
              .get()
              .toSrgb(
                  raster.createChild(
                      raster.getMinX(),
                      raster.getMinY(),
                      raster.getWidth(),
                      raster.getHeight(),
                      0,
                      0,
                      bands));
    } else {
      colours = Samples.eightBits(raster, 0, colourBands);
    }
    int stored = profile.isPresent() ? 3 : colourBands;
    int channels = colourBands == 1 ? 1 : 3;
    int count = raster.getHeight() * raster.getWidth();
    if (stored == channels && !model.hasAlpha()) {
      return new DecodedImage(raster.getHeight(), raster.getWidth(), channels, colours);
    }
    byte[] alpha = model.hasAlpha() ? Samples.eightBits(raster, colourBands, 1) : null; // [h, w]
    byte[] pixels = new byte[count * channels]; // [h, w, c]
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < channels; c++) {
        int sample = colours[i * stored + c] & 0xFF;
        pixels[i * channels + c] =
            alpha == null ? (byte) sample : overWhite(sample, alpha[i] & 0xFF);
      }
    }
    return new DecodedImage(raster.getHeight(), raster.getWidth(), channels, pixels);
  }

  private static DecodedImage fromArgb(BufferedImage image, Optional<ColourProfile> profile) {
    int height = image.getHeight();
    int width = image.getWidth();
    int[] argb = argb(image);
    byte[] pixels = colours(argb, profile); // [h, w, 3]
    for (int i = 0; i < argb.length; i++) {
      int alpha = argb[i] >>> 24;
      for (int c = 0; c < 3 && alpha != 255; c++) {
        pixels[3 * i + c] = overWhite(pixels[3 * i + c] & 0xFF, alpha);
      }
    }
    return new DecodedImage(height, width, 3, pixels);
  }

  /** The pixels as 0xAARRGGBB, not multiplied by alpha. */
  private static int[] argb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_INT_ARGB
        || image.getType() == BufferedImage.TYPE_INT_RGB) {
      WritableRaster raster = image.getRaster();
      int[] argb =
          (int[]) raster.getDataElements(raster.getMinX(), raster.getMinY(), width, height, null);
      if (!((DirectColorModel) image.getColorModel()).hasAlpha()) {
        for (int i = 0; i < argb.length; i++) {
          argb[i] |= 0xFF000000;
        }
      }
      return argb;
    }
    return image.getRGB(0, 0, width, height, null, 0, width);
  }

  static byte overWhite(int sample, int alpha) {
    return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
