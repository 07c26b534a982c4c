package dev.hourglass.data.image.blocks;

import java.util.Arrays;

/**
 * The screen and the first frame of a GIF file (GIF89a specification), and whether the frame is
 * whole: the JDK's decoder leaves pixels that are not there black without a word.
 */
public final class GifBlocks {

  private static final int IMAGE = 0x2C;
  private static final int EXTENSION = 0x21;
  private static final int SCREEN_HEADER = 13;
  private static final int MAX_CODES = 1 << 12;

  private final byte[] file;
  private int at = SCREEN_HEADER;

  private final int screenWidth;
  private final int screenHeight;
  private int x;
  private int y;
  private int width;
  private int height;

  /**
   * Reads a file as far as the first frame goes.
   *
   * @throws UnreadableException if the frame's pixels are not all there
   */
  public GifBlocks(byte[] file) throws UnreadableException {
    this.file = file;
    try {
      screenWidth = int16(6);
      screenHeight = int16(8);
      skipPalette(10);
      while (at(at) == EXTENSION) {
        at += 2;
        subBlocks();
      }
      if (at(at) != IMAGE) {
        throw new UnreadableException("the GIF file holds no image");
      }
      x = int16(at + 1);
      y = int16(at + 3);
      width = int16(at + 5);
      height = int16(at + 7);
      int flags = at + 9;
      at += 10;
      skipPalette(flags);
      int codeSize = at(at++);
      if (pixels(subBlocks(), codeSize) < (long) width * height) {
        throw new UnreadableException("the GIF file is cut short");
      }
    } catch (IndexOutOfBoundsException e) {
      throw new UnreadableException("the GIF file is cut short", e);
    }
  }

  private int at(int index) {
    return file[index] & 0xFF;
  }

  private int int16(int index) {
    return at(index) | at(index + 1) << 8;
  }

  private void skipPalette(int flags) {
    if ((at(flags) & 0x80) != 0) {
      at += 3 << ((at(flags) & 7) + 1);
    }
  }

  /** The content of the blocks from here to the empty one; goes on behind that. */
  private byte[] subBlocks() {
    int length = 0;
    byte[] content = new byte[Math.min(file.length, 1 << 10)];
    int size = at(at++);
    while (size > 0) {
      if (length + size > content.length) {
        content = Arrays.copyOf(content, 2 * content.length + size);
      }
      System.arraycopy(file, at, content, length, size);
      length += size;
      at += size;
      size = at(at++);
    }
    return Arrays.copyOf(content, length);
  }

  /** How many pixels the codes of LZW stand for. */
  private static long pixels(byte[] codes, int codeSize) throws UnreadableException {
    if (codeSize < 1 || codeSize > 11) {
      throw new UnreadableException("the GIF file is damaged");
    }
    int clear = 1 << codeSize;
    int[] lengths = new int[MAX_CODES];
    Arrays.fill(lengths, 0, clear, 1);
    long pixels = 0;
    int next = clear + 2;
    int previous = -1;
    int bits = codeSize + 1;
    for (long bit = 0; bit + bits <= 8L * codes.length; ) {
      int code = code(codes, bit, bits);
      bit += bits;
      if (code == clear) {
        next = clear + 2;
        bits = codeSize + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1) {
        break;
      }
      if (code > next || (code == next && previous < 0)) {
        throw new UnreadableException("the GIF file is damaged");
      }
      if (previous >= 0 && next < MAX_CODES) {
        lengths[next++] = lengths[previous] + 1;
        if (next == 1 << bits && bits < 12) {
          bits++;
        }
      }
      pixels += lengths[code];
      previous = code;
    }
    return pixels;
  }

  private static int code(byte[] codes, long bit, int bits) {
    int first = (int) (bit / 8);
    int window = 0;
    for (int i = 0; i < 3 && first + i < codes.length; i++) {
      window |= (codes[first + i] & 0xFF) << (8 * i);
    }
    return window >> (int) (bit % 8) & ((1 << bits) - 1);
  }

  public int x() {
    return x;
  }

  public int y() {
    return y;
  }

  /** Some files have a screen smaller than their frame; it grows then, as in browsers. */
  public int canvasWidth() {
    return Math.max(screenWidth, x + width);
  }

  public int canvasHeight() {
    return Math.max(screenHeight, y + height);
  }
}
