package dev.hourglass.data.image.blocks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What stands in a JPEG file around its entropy-coded data (ITU T.81, annex B): EXIF data, profile,
 * and which coefficients of which components were sent before the file ends.
 */
public final class JpegSegments {

  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;
  private static final byte[] EXIF_SIGNATURE = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] ICC_SIGNATURE = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);

  private static final int COEFFICIENTS = 64;
  private static final int NEVER_SENT = 0xFF;

  private final byte[] file;

  /** The profile comes in parts, which are numbered. */
  private final Map<Integer, byte[]> iccParts = new TreeMap<>();

  /** For each component how many low bits of each of its coefficients are yet to come. */
  private final Map<Integer, int[]> missingBits = new HashMap<>();

  private Optional<byte[]> exif = Optional.empty();
  private int end;
  private boolean hasEndMarker;

  public JpegSegments(byte[] file) {
    this.file = file;
    this.end = file.length;
    int at = 2;
    while (at >= 0 && at + 4 <= file.length + 2 && !hasEndMarker) {
      at = segment(at);
    }
  }

  /** Reads the segment whose marker is at or after a position; the end of it, -1 at the end. */
  private int segment(int from) {
    int at = from;
    while (at + 1 < file.length && !(at(at) == 0xFF && at(at + 1) != 0xFF && at(at + 1) != 0)) {
      at++;
    }
    if (at + 1 >= file.length) {
      return -1;
    }
    int marker = at(at + 1);
    if (marker == END) {
      end = at;
      hasEndMarker = true;
      return -1;
    }
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      return at + 2;
    }
    if (at + 4 > file.length) {
      return -1;
    }
    int length = at(at + 2) << 8 | at(at + 3);
    int next = at + 2 + length;
    if (length < 2 || next > file.length) {
      return -1;
    }
    byte[] content = Arrays.copyOfRange(file, at + 4, next);
    if (marker == 0xE1 && startsWith(content, EXIF_SIGNATURE) && exif.isEmpty()) {
      exif = Optional.of(Arrays.copyOfRange(content, EXIF_SIGNATURE.length, content.length));
    } else if (marker == 0xE2 && startsWith(content, ICC_SIGNATURE)) {
      int header = ICC_SIGNATURE.length + 2;
      if (content.length > header) {
        iccParts.putIfAbsent(
            content[ICC_SIGNATURE.length] & 0xFF,
            Arrays.copyOfRange(content, header, content.length));
      }
    } else if (isFrame(marker)) {
      frame(content);
    } else if (marker == SCAN) {
      scan(content);
    }
    return next;
  }

  private int at(int index) {
    return file[index] & 0xFF;
  }

  private static boolean startsWith(byte[] content, byte[] signature) {
    return content.length >= signature.length
        && Arrays.equals(content, 0, signature.length, signature, 0, signature.length);
  }

  /** SOF0 to SOF15 without the tables that lie between them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private void frame(byte[] content) {
    for (int c = 6; c + 2 < content.length; c += 3) {
      int[] missing = new int[COEFFICIENTS];
      Arrays.fill(missing, NEVER_SENT);
      missingBits.put(content[c] & 0xFF, missing);
    }
  }

  private void scan(byte[] content) {
    int components = content.length == 0 ? 0 : content[0] & 0xFF;
    if (content.length < 4 + 2 * components) {
      return;
    }
    int first = content[1 + 2 * components] & 0xFF;
    int last = Math.min(content[2 + 2 * components] & 0xFF, COEFFICIENTS - 1);
    int bits = content[3 + 2 * components] & 0x0F;
    for (int c = 0; c < components; c++) {
      int[] missing = missingBits.get(content[1 + 2 * c] & 0xFF);
      if (missing != null && first <= last) {
        Arrays.fill(missing, first, last + 1, bits);
      }
    }
  }

  public Optional<byte[]> exif() {
    return exif;
  }

  public Optional<byte[]> icc() {
    if (iccParts.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    iccParts.values().forEach(whole::writeBytes);
    return Optional.of(whole.toByteArray());
  }

  /** Where the end marker is; the file's length without one. */
  public int end() {
    return end;
  }

  public boolean hasEndMarker() {
    return hasEndMarker;
  }

  /** Whether a scan was begun for every bit of every coefficient. */
  public boolean hasAllScans() {
    return !missingBits.isEmpty()
        && missingBits.values().stream()
            .allMatch(missing -> Arrays.stream(missing).allMatch(bits -> bits == 0));
  }
}
