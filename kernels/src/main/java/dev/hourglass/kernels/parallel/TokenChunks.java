package dev.hourglass.kernels.parallel;

import dev.hourglass.kernels.memory.Scratch;

/**
 * How the token rows of a batch are split into chunks. A worker takes a chunk through a whole block
 * (norm, products, activation, residual) while its rows are in the L2 cache.
 *
 * <p>A chunk is a part of one image, or some whole images if those are small; each image's share of
 * it is a segment. The split depends on shapes alone.
 */
public final class TokenChunks {

  /** Rows of a chunk times the widest row stay within this many floats: an L2 cache of 1 MiB. */
  private static final int CACHED_FLOATS = 1 << 18;

  private static final int MOST_ROWS = 128;
  private static final int FEWEST_ROWS = 16;

  /** Chunks that keep this many workers busy, where there are tokens enough. */
  private static final int WANTED_CHUNKS = 16;

  private final int images;
  private final int tokens;
  private final int imagesEach;
  private final int parts;
  private final int partRows;

  /**
   * The chunks of a batch.
   *
   * @param images in the batch
   * @param tokens rows of each image
   * @param widest floats of the widest row that the block makes of a token
   */
  public TokenChunks(int images, int tokens, int widest) {
    this.images = images;
    this.tokens = tokens;
    int share = Math.toIntExact(((long) images * tokens + WANTED_CHUNKS - 1) / WANTED_CHUNKS);
    int cached = Math.clamp(CACHED_FLOATS / widest, FEWEST_ROWS, MOST_ROWS);
    int wanted = Math.clamp(share, FEWEST_ROWS, cached);
    imagesEach = Math.max(1, wanted / tokens);
    // Even, so that row pairs of bfloat16 do not straddle chunks.
    partRows = imagesEach > 1 ? tokens : even(ceilDivide(tokens, ceilDivide(tokens, wanted)));
    parts = ceilDivide(tokens, partRows);
  }

  private static int ceilDivide(int a, int b) {
    return (a + b - 1) / b;
  }

  private static int even(int n) {
    return (n + 1) / 2 * 2;
  }

  /** Chunks of the batch. */
  public int count() {
    return ceilDivide(images, imagesEach) * parts;
  }

  /** Groups of consecutive chunks, enough to keep workers busy, for sums over chunks. */
  public int groups() {
    return Math.min(count(), WANTED_CHUNKS);
  }

  /** The first chunk of a group; of {@link #groups}, the number of chunks. */
  public int groupStart(int group) {
    return Math.toIntExact((long) group * count() / groups());
  }

  /** The group of a chunk. */
  public int group(Chunk chunk) {
    return Math.toIntExact(((chunk.index() + 1L) * groups() - 1) / count());
  }

  /** What a worker does with a chunk, with memory that is its own until it returns. */
  @FunctionalInterface
  public interface Work {
    void run(Chunk chunk, Scratch scratch);
  }

  /** Does the chunks, shared out to the workers in no particular order. */
  public void each(Work work) {
    Workers.shared().run(count(), (index, scratch) -> work.run(chunk(index), scratch));
  }

  /** Does the chunks, those of a group one after the other. */
  public void eachInGroups(Work work) {
    Workers.shared()
        .run(
            groups(),
            (group, scratch) -> {
              for (int index = groupStart(group); index < groupStart(group + 1); index++) {
                scratch.reset();
                work.run(chunk(index), scratch);
              }
            });
  }

  /** The place of a chunk. */
  public Chunk chunk(int index) {
    int firstImage = index / parts * imagesEach;
    int part = index % parts;
    int firstToken = part * partRows;
    int imageCount = Math.min(imagesEach, images - firstImage);
    int rowsEach = Math.min(partRows, tokens - firstToken);
    return new Chunk(
        index,
        part,
        firstImage,
        imageCount,
        firstToken,
        rowsEach,
        firstImage * tokens + firstToken,
        index * even(imagesEach * partRows));
  }

  /** Images in the batch. */
  public int images() {
    return images;
  }

  /** Tokens of an image. */
  public int tokens() {
    return tokens;
  }

  /** Token rows of the batch. */
  public int rows() {
    return images * tokens;
  }

  /** Parts that each image is split into: the segments of an image. */
  public int parts() {
    return parts;
  }

  /** Rows when every chunk takes as many as the largest, an even number ({@link Chunk#padded}). */
  public int paddedRows() {
    return count() * even(imagesEach * partRows);
  }

  /** Rows of the largest chunk, rounded up to an even number. */
  public int mostRows() {
    return even(imagesEach * partRows);
  }

  /**
   * One chunk.
   *
   * @param index among the chunks
   * @param part which part of its image, 0 if it is all of it
   * @param firstImage of the batch
   * @param imageCount images in the chunk; more than 1 only if it holds all of each
   * @param firstToken of the image
   * @param rowsEach rows of each image
   * @param firstRow among the rows of the batch
   * @param padded its first row where every chunk takes as many rows as the largest
   */
  public record Chunk(
      int index,
      int part,
      int firstImage,
      int imageCount,
      int firstToken,
      int rowsEach,
      int firstRow,
      int padded) {

    /** Rows of the chunk. */
    public int rows() {
      return imageCount * rowsEach;
    }
  }
}
