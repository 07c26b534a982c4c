package dev.hourglass.data.image.blocks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The chunks of a WebP file (RFC 9649, section 2): each kind's first one. */
public final class WebpChunks {

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;

  /** Width and height of the canvas are stored less one in 24 bits each, after 4 bytes of flags. */
  private static final int CANVAS_AT = 4;

  private static final int FRAME_HEADER = 16;

  private final Map<String, byte[]> contents;

  private WebpChunks(Map<String, byte[]> contents) {
    this.contents = contents;
  }

  /**
   * Reads a file.
   *
   * @throws UnreadableException if it is shorter than it says
   */
  public static WebpChunks ofFile(byte[] file) throws UnreadableException {
    long length = littleEndian(file).getInt(4) & 0xFFFFFFFFL;
    // The padding byte of the last chunk is often left out.
    if (length + CHUNK_HEADER > file.length + 1L) {
      throw cutShort();
    }
    return of(file, RIFF_HEADER, (int) Math.min(length + CHUNK_HEADER, file.length));
  }

  private static WebpChunks of(byte[] bytes, int from, int to) throws UnreadableException {
    ByteBuffer buffer = littleEndian(bytes);
    Map<String, byte[]> contents = new LinkedHashMap<>();
    int at = from;
    while (at + CHUNK_HEADER <= to) {
      String name = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
      int length = buffer.getInt(at + 4);
      at += CHUNK_HEADER;
      if (length < 0 || length > to - at) {
        throw cutShort();
      }
      contents.putIfAbsent(name, Arrays.copyOfRange(bytes, at, at + length));
      at += length + (length & 1);
    }
    return new WebpChunks(contents);
  }

  private static UnreadableException cutShort() {
    return new UnreadableException("the WebP file is cut short");
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public Optional<byte[]> content(String name) {
    return Optional.ofNullable(contents.get(name));
  }

  /** A frame of an animation as a still picture in a file of its own, and its place. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Frame(int x, int y, byte[] file) {}

  /**
   * The first frame of an animation.
   *
   * @return empty for a still picture
   */
  public Optional<Frame> firstFrame() throws UnreadableException {
    byte[] frame = contents.get("ANMF");
    if (frame == null) {
      return Optional.empty();
    }
    WebpChunks parts = of(frame, FRAME_HEADER, frame.length);
    return Optional.of(new Frame(2 * int24(frame, 0), 2 * int24(frame, 3), parts.still(frame, 6)));
  }

  /** A file of alpha and colour alone; the size is copied, in the form that it has in headers. */
  private byte[] still(byte[] header, int sizeAt) {
    Optional<byte[]> alpha = content("ALPH");
    String colour = contents.containsKey("VP8L") ? "VP8L" : "VP8 ";
    Map<String, byte[]> parts = new LinkedHashMap<>();
    if (alpha.isPresent()) {
      byte[] extended = new byte[10];
      extended[0] = 0x10; // It has alpha.
      System.arraycopy(header, sizeAt, extended, CANVAS_AT, 6);
      parts.put("VP8X", extended);
      parts.put("ALPH", alpha.get());
    }
    content(colour).ifPresent(packed -> parts.put(colour, packed));
    int length =
        RIFF_HEADER
            + parts.values().stream().mapToInt(p -> CHUNK_HEADER + p.length + (p.length & 1)).sum();
    ByteBuffer file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(length - CHUNK_HEADER).put(ascii("WEBP"));
    parts.forEach(
        (name, content) -> {
          file.put(ascii(name)).putInt(content.length).put(content);
          file.position(file.position() + (content.length & 1));
        });
    return file.array();
  }

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** The width of the canvas that an animation is drawn on. */
  public int canvasWidth() {
    return int24(contents.get("VP8X"), CANVAS_AT) + 1;
  }

  public int canvasHeight() {
    return int24(contents.get("VP8X"), CANVAS_AT + 3) + 1;
  }

  private static int int24(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16;
  }
}
