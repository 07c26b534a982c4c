package dev.hourglass.sampling.picture;

import dev.hourglass.core.files.AtomicFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** PNG files that say in their text chunks how they were made. */
public final class PngFile {

  private static final String FORMAT = "javax_imageio_png_1.0";

  private PngFile() {}

  /**
   * Writes an image, atomically.
   *
   * @param texts keywords of 1 to 79 Latin-1 characters and their UTF-8 texts, stored as iTXt
   *     chunks
   */
  public static void write(Path file, BufferedImage image, Map<String, String> texts) {
    AtomicFiles.write(file, temporary -> write(image, texts, temporary));
  }

  /** The bytes of such a file. */
  public static byte[] bytes(BufferedImage image, Map<String, String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(image, texts, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  private static void write(BufferedImage image, Map<String, String> texts, Path file)
      throws IOException {
    // ImageIO's own way to a file prints a stack trace where the file cannot be opened.
    try (OutputStream bytes = Files.newOutputStream(file)) {
      write(image, texts, bytes);
    }
  }

  private static void write(BufferedImage image, Map<String, String> texts, OutputStream bytes)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      IIOMetadata metadata =
          writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
      metadata.mergeTree(FORMAT, tree(texts));
      writer.write(new IIOImage(image, null, metadata));
    } finally {
      writer.dispose();
    }
  }

  private static IIOMetadataNode tree(Map<String, String> texts) {
    IIOMetadataNode chunks = new IIOMetadataNode("iTXt");
    // By keyword: the order of Map.of differs from process to process, and files must not.
    new TreeMap<>(texts)
        .forEach(
            (keyword, text) -> {
              IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
              entry.setAttribute("keyword", keyword);
              entry.setAttribute("compressionFlag", "FALSE");
              entry.setAttribute("compressionMethod", "0");
              entry.setAttribute("languageTag", "");
              entry.setAttribute("translatedKeyword", "");
              entry.setAttribute("text", text);
              chunks.appendChild(entry);
            });
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(chunks);
    return root;
  }
}
