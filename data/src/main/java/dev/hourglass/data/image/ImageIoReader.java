package dev.hourglass.data.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads with one reader of ImageIO, chosen by us: what ImageIO would choose depends on what else is
 * on the class path.
 */
final class ImageIoReader {

  static {
    // Files are in memory already: a second copy on the disk would only cost time.
    ImageIO.setUseCache(false);
  }

  private final ImageReaderSpi provider;

  private ImageIoReader(ImageReaderSpi provider) {
    this.provider = provider;
  }

  /** A plug-in's reader. */
  static ImageIoReader of(Class<? extends ImageReaderSpi> provider) {
    return new ImageIoReader(IIORegistry.getDefaultInstance().getServiceProviderByClass(provider));
  }

  /** The JDK's own reader of a format. */
  static ImageIoReader ofJdk(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getModule().equals(ImageIO.class.getModule())) {
        return new ImageIoReader(reader.getOriginatingProvider());
      }
    }
    throw new IllegalStateException("this JDK has no reader of " + format);
  }

  /** What to do with a reader that has its input. */
  interface Reading<T> {
    T read(ImageReader reader) throws IOException;
  }

  <T> T read(byte[] file, Reading<T> reading) throws IOException {
    ImageReader reader = provider.createReaderInstance();
    try (ImageInputStream stream = new ByteArrayImageInputStream(file)) {
      reader.setInput(stream, false, true);
      return reading.read(reader);
    } finally {
      reader.dispose();
    }
  }

  /** The first picture, and what the reader had to say about it. */
  BufferedImage readFirst(byte[] file, PixelMemory.Share memory, List<String> warnings)
      throws IOException {
    return read(
        file,
        reader -> {
          reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
          return readFirst(reader, memory);
        });
  }

  /** The first picture. */
  BufferedImage readFirst(byte[] file, PixelMemory.Share memory) throws IOException {
    return read(file, reader -> readFirst(reader, memory));
  }

  private static BufferedImage readFirst(ImageReader reader, PixelMemory.Share memory)
      throws IOException {
    memory.take(reader.getWidth(0), reader.getHeight(0));
    return reader.read(0);
  }
}
