package dev.hourglass.data.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.luciad.imageio.webp.internal.NativeLoader;
import dev.hourglass.data.image.blocks.UnreadableException;
import dev.hourglass.data.image.blocks.WebpChunks;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** WebP through libwebp, which the binding unpacks from its jar and loads. */
final class WebpDecoder implements FormatDecoder {

  /** Loads libwebp at the first WebP picture. */
  private static final class Libwebp {

    private static final Optional<String> FAILURE = load();

    private static Optional<String> load() {
      try {
        NativeLoader.initialize();
        return Optional.empty();
      } catch (Exception | LinkageError e) {
        return Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
      }
    }
  }

  private static final int MAX_ZEROS = 512;

  private final ImageIoReader reader = ImageIoReader.of(WebPImageReaderSpi.class);

  @Override
  public Picture decode(byte[] file, PixelMemory.Share memory) throws IOException {
    WebpChunks chunks = WebpChunks.ofFile(file);
    if (Libwebp.FAILURE.isPresent()) {
      throw new UnreadableException(
          "WebP cannot be decoded on this machine, as libwebp does not load (%s); convert it to PNG"
              .formatted(Libwebp.FAILURE.get()));
    }
    requireNoHole(chunks);
    Optional<WebpChunks.Frame> frame = chunks.firstFrame();
    BufferedImage image =
        frame.isPresent() ? onCanvas(chunks, frame.get(), memory) : reader.readFirst(file, memory);
    return new Picture(
        image,
        chunks.content("ICCP").flatMap(ColourProfile::of),
        chunks.content("EXIF").map(WebpDecoder::orientation).orElse(Orientation.NORMAL));
  }

  /**
   * Zeros decode to pixels as any bytes do, so libwebp sees nothing wrong in what is left of a
   * download for which room was made beforehand. Packed pixels never end in so many of them.
   */
  private static void requireNoHole(WebpChunks chunks) throws UnreadableException {
    for (String name : List.of("VP8 ", "VP8L", "ANMF")) {
      Optional<byte[]> content = chunks.content(name);
      if (content.isPresent() && zerosAtEnd(content.get()) >= MAX_ZEROS) {
        throw new UnreadableException("the WebP file ends in zeros in place of its pixels");
      }
    }
  }

  private static int zerosAtEnd(byte[] content) {
    int first = content.length;
    while (first > 0 && content[first - 1] == 0) {
      first--;
    }
    return content.length - first;
  }

  /** Nothing but the frame is drawn: the rest of the canvas is transparent, as libwebp has it. */
  private BufferedImage onCanvas(
      WebpChunks chunks, WebpChunks.Frame frame, PixelMemory.Share memory) throws IOException {
    int width = chunks.canvasWidth();
    int height = chunks.canvasHeight();
    memory.take(width, height);
    BufferedImage image = reader.readFirst(frame.file(), memory);
    if (frame.x() + image.getWidth() > width || frame.y() + image.getHeight() > height) {
      throw new UnreadableException("its first frame lies outside of its canvas");
    }
    if (image.getWidth() == width && image.getHeight() == height) {
      return image;
    }
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    canvas.setRGB(
        frame.x(), frame.y(), image.getWidth(), image.getHeight(), argb, 0, image.getWidth());
    return canvas;
  }

  /** Some programs write the signature that EXIF data have in JPEG files. */
  private static Orientation orientation(byte[] exif) {
    int signature = "Exif\0\0".length();
    boolean hasSignature = exif.length > signature && exif[0] == 'E' && exif[1] == 'x';
    return Orientation.ofExif(
        hasSignature ? Arrays.copyOfRange(exif, signature, exif.length) : exif);
  }
}
