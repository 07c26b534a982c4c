package dev.hourglass.data.inspect;

import dev.hourglass.data.image.DecodedImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds images with the same pixels by a hash of height, width, channels and samples: the first 128
 * bits of SHA-256, 16 bytes of memory for an image. Files of the same bytes are among them.
 */
final class Duplicates {

  private long[] high = new long[1024];
  private long[] low = new long[1024];
  private int[] index = new int[1024];
  private int size;

  /** The hash of an image's pixels. */
  static byte[] digest(DecodedImage image) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          ByteBuffer.allocate(12)
              .putInt(image.height())
              .putInt(image.width())
              .putInt(image.channels())
              .array());
      return digest.digest(image.pixels());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has SHA-256.
    }
  }

  /** Adds an image by its number in the set; numbers must ascend. */
  void add(int number, byte[] digest) {
    if (size == index.length) {
      int larger = size + size / 2;
      high = Arrays.copyOf(high, larger);
      low = Arrays.copyOf(low, larger);
      index = Arrays.copyOf(index, larger);
    }
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    high[size] = bytes.getLong();
    low[size] = bytes.getLong();
    index[size++] = number;
  }

  /** The numbers of images that are equal, each group and the groups in ascending order. */
  List<List<Integer>> groups() {
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(
                (a, b) ->
                    high[a] != high[b]
                        ? Long.compare(high[a], high[b])
                        : low[a] != low[b] ? Long.compare(low[a], low[b]) : Integer.compare(a, b))
            .mapToInt(Integer::intValue)
            .toArray();
    List<List<Integer>> groups = new ArrayList<>();
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size
          && high[order[to]] == high[order[from]]
          && low[order[to]] == low[order[from]]) {
        to++;
      }
      if (to - from > 1) {
        groups.add(
            Arrays.stream(order, from, to).map(position -> index[position]).boxed().toList());
      }
      from = to;
    }
    groups.sort((a, b) -> Integer.compare(a.getFirst(), b.getFirst()));
    return groups;
  }
}
