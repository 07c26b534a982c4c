package dev.hourglass.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The files in {@code pictures/} and what they hold. */
final class Pictures {

  private Pictures() {}

  /** What a picture holds; one of digest and samples is there. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Truth(String picture, int height, int width, String digest, byte[] samples) {

    @Override
    public String toString() {
      return picture;
    }
  }

  static List<Truth> truths() {
    String table = new String(resource("truths.tsv"), StandardCharsets.UTF_8);
    return table.lines().skip(1).map(Pictures::truth).toList();
  }

  private static Truth truth(String line) {
    String[] fields = line.split("\t");
    boolean isDigest = fields[3].startsWith("sha256:");
    return new Truth(
        fields[0],
        Integer.parseInt(fields[1]),
        Integer.parseInt(fields[2]),
        isDigest ? fields[3].substring("sha256:".length()) : null,
        isDigest ? null : unpack(resource("truths/" + fields[3])));
  }

  static byte[] file(String name) {
    return resource("pictures/" + name);
  }

  /** The first bytes of a file. */
  static byte[] cut(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  /** Two pieces in a row. */
  static byte[] joined(byte[] first, byte[] second) {
    byte[] whole = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, whole, first.length, second.length);
    return whole;
  }

  private static byte[] resource(String name) {
    try (InputStream stream = Pictures.class.getResourceAsStream(name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unpack(byte[] packed) {
    try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
