package dev.hourglass.sampling.picture;

import com.luciad.imageio.webp.CompressionType;
import com.luciad.imageio.webp.WebPImageWriterSpi;
import com.luciad.imageio.webp.WebPWriteParam;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * WebP files: libwebp codes the frames without loss, and the container around them, which its
 * binding does not write, is a few RIFF chunks (the WebP container specification, "Animation").
 */
final class WebpAnimation {

  private static final int RIFF_HEADER = 12;
  private static final int ANIMATED = 0x02;

  /** Of a frame: draw it over the last one as it is, without mixing. */
  private static final int NO_BLENDING = 0x02;

  private WebpAnimation() {}

  static void write(Animation animation, Path file) {
    AtomicFiles.write(file, temporary -> Files.write(temporary, bytes(animation)));
  }

  private static byte[] bytes(Animation animation) throws IOException {
    BufferedImage first = animation.frames().getFirst();
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    put(header, 4, ANIMATED);
    put(header, 3, first.getWidth() - 1);
    put(header, 3, first.getHeight() - 1);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(ascii("WEBP"));
    putChunk(content, "VP8X", header.toByteArray());
    putChunk(content, "ANIM", new byte[6]); // Background of no colour; for ever.
    for (int i = 0; i < animation.frames().size(); i++) {
      putChunk(content, "ANMF", frame(animation.frames().get(i), animation.millisOf(i)));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    putChunk(file, "RIFF", content.toByteArray());
    return file.toByteArray();
  }

  private static byte[] frame(BufferedImage image, int millis) throws IOException {
    byte[] picture = encoded(image);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    put(frame, 3, 0); // At the left,
    put(frame, 3, 0); // at the top.
    put(frame, 3, image.getWidth() - 1);
    put(frame, 3, image.getHeight() - 1);
    put(frame, 3, millis);
    put(frame, 1, NO_BLENDING);
    frame.write(picture, RIFF_HEADER, picture.length - RIFF_HEADER);
    return frame.toByteArray();
  }

  /** A WebP file of one picture. */
  private static byte[] encoded(BufferedImage image) throws IOException {
    ImageWriter writer;
    try {
      writer = new WebPImageWriterSpi().createWriterInstance(null);
    } catch (LinkageError e) {
      throw new InputException(
          "WebP cannot be written on this machine, as libwebp does not load (%s); write a GIF."
              .formatted(e.getMessage()),
          e);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      WebPWriteParam lossless = new WebPWriteParam(Locale.ROOT);
      lossless.setCompressionType(CompressionType.Lossless);
      writer.write(null, new IIOImage(image, null, null), lossless);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void putChunk(ByteArrayOutputStream out, String name, byte[] content)
      throws IOException {
    out.write(ascii(name));
    put(out, 4, content.length);
    out.write(content);
    put(out, content.length % 2, 0);
  }

  /** A number, little end first. */
  private static void put(ByteArrayOutputStream out, int bytes, int value) {
    for (int i = 0; i < bytes; i++) {
      out.write(value >> (8 * i));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
