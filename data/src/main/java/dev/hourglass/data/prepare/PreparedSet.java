package dev.hourglass.data.prepare;

import java.util.List;
import java.util.Objects;

/**
 * What {@code index.json} in the folder of a prepared set says.
 *
 * @param form of this file
 * @param recipe what the shards' bytes depend on
 * @param images in all shards
 * @param shards in order
 */
public record PreparedSet(String form, Recipe recipe, int images, List<Shard> shards) {

  static final String FORM = "hourglass-shards-1";

  public PreparedSet {
    Objects.requireNonNull(recipe);
    shards = List.copyOf(shards);
  }

  /**
   * What the shards' bytes depend on, besides the content of the files.
   *
   * @param source SHA-256 over names and classes of all images of the set
   * @param size height x width
   * @param imagesPerShard of the source, before those are left out that cannot be read
   * @param upright whether pictures were turned as their EXIF data say
   */
  public record Recipe(
      String source, int sourceImages, String size, int imagesPerShard, boolean upright) {

    public Recipe {
      Objects.requireNonNull(source);
      Objects.requireNonNull(size);
    }

    int shards() {
      return Math.ceilDiv(sourceImages, imagesPerShard);
    }
  }

  /**
   * One tar file.
   *
   * @param sha256 of its bytes, in hexadecimal digits
   */
  public record Shard(String file, int images, long bytes, String sha256, List<Skipped> skipped) {

    public Shard {
      Objects.requireNonNull(file);
      Objects.requireNonNull(sha256);
      skipped = List.copyOf(skipped);
    }
  }

  /** An image that cannot be read, which a prepared set does not have. */
  public record Skipped(String name, String reason) {}

  /** All images that were left out. */
  public List<Skipped> skipped() {
    return shards.stream().flatMap(shard -> shard.skipped.stream()).toList();
  }
}
