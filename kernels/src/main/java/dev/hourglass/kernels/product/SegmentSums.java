package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;

/**
 * Sums over token rows, a number a column, for gradients of what all rows share: every segment of a
 * chunk has its own, and {@link #reduce} adds them up in order.
 *
 * @param width columns
 */
public record SegmentSums(TokenChunks chunks, int width) {

  /** Numbers that an item of {@link #reduce} reads. */
  private static final int READ_EACH = 1 << 15;

  /** Columns of an item, at least. */
  private static final int FEWEST_COLUMNS = 32;

  /** Room for all segments' sums, {@code [images, parts, width]}. */
  public long room(Parts parts) {
    return parts.floats((long) chunks.images() * chunks.parts() * width);
  }

  /** Where the sums of a chunk's {@code i}th image are. */
  public long place(long room, Chunk chunk, int i) {
    return room + 4L * ((long) (chunk.firstImage() + i) * chunks.parts() + chunk.part()) * width;
  }

  /** The sums of a chunk's rows {@code [rows, width]} over each of its images. */
  public void set(long room, Chunk chunk, long rows) {
    for (int i = 0; i < chunk.imageCount(); i++) {
      long place = place(room, chunk, i);
      Memory.zero(place, 4L * width);
      for (int t = 0; t < chunk.rowsEach(); t++) {
        Sums.add(place, rows + 4L * (i * chunk.rowsEach() + t) * width, width);
      }
    }
  }

  /** Adds up: over all of an image to {@code [images, width]}, or over all to {@code [width]}. */
  public void reduce(long room, boolean perImage, long target) {
    int rows = perImage ? chunks.images() : 1;
    int each = perImage ? chunks.parts() : chunks.parts() * chunks.images();
    int columns = Math.clamp(READ_EACH / each, FEWEST_COLUMNS, width + FEWEST_COLUMNS);
    int blocks = (width + columns - 1) / columns;
    int blocksEach = Math.max(1, READ_EACH / (Math.min(columns, width) * each));
    int items = (rows * blocks + blocksEach - 1) / blocksEach;
    Workers.shared()
        .run(
            items,
            (item, scratch) -> {
              int end = Math.min((item + 1) * blocksEach, rows * blocks);
              long sums = scratch.bytes((long) columns * Double.BYTES);
              for (int block = item * blocksEach; block < end; block++) {
                int first = block % blocks * columns;
                int count = Math.min(columns, width - first);
                long row = (long) (block / blocks) * each * width;
                addUp(room + 4 * (row + first), each, count, sums);
                long place = (long) (block / blocks) * width + first;
                for (int i = 0; i < count; i++) {
                  Memory.setFloat(
                      target + 4 * (place + i), (float) Memory.getDouble(sums + 8L * i));
                }
              }
            });
  }

  private void addUp(long source, int rows, int count, long sums) {
    Memory.zero(sums, (long) count * Double.BYTES);
    for (int p = 0; p < rows; p++) {
      for (int i = 0; i < count; i++) {
        double sum = Memory.getDouble(sums + 8L * i);
        Memory.setDouble(
            sums + 8L * i, sum + Memory.getFloat(source + 4L * (p * (long) width + i)));
      }
    }
  }
}
