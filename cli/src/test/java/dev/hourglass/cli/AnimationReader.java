package dev.hourglass.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Animations read back. */
final class AnimationReader {

  private AnimationReader() {}

  static List<BufferedImage> frames(Path file) throws IOException {
    return file.toString().endsWith(".gif") ? gif(file) : webp(file);
  }

  private static List<BufferedImage> gif(Path file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    List<BufferedImage> frames = new ArrayList<>();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      for (int i = 0; i < reader.getNumImages(true); i++) {
        frames.add(reader.read(i));
      }
    } finally {
      reader.dispose();
    }
    return frames;
  }

  /** Each frame of the container as a file of its own. */
  private static List<BufferedImage> webp(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<BufferedImage> frames = new ArrayList<>();
    bytes.position(12);
    while (bytes.hasRemaining()) {
      byte[] name = new byte[4];
      bytes.get(name);
      byte[] content = new byte[bytes.getInt()];
      bytes.get(content);
      if (content.length % 2 == 1) {
        bytes.get();
      }
      if (new String(name, StandardCharsets.US_ASCII).equals("ANMF")) {
        frames.add(still(content));
      }
    }
    return frames;
  }

  private static BufferedImage still(byte[] frame) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(frame.length - 12);
    header.put("WEBP".getBytes(StandardCharsets.US_ASCII)).flip();
    while (header.hasRemaining()) {
      file.write(header.get());
    }
    file.write(frame, 16, frame.length - 16);
    return ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
  }
}
