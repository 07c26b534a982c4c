package dev.hourglass.data.prepare;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.InOrder;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.prepare.PreparedSet.Recipe;
import dev.hourglass.data.prepare.PreparedSet.Shard;
import dev.hourglass.data.prepare.PreparedSet.Skipped;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.data.sets.VectorText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decodes and fits each image of a set once, and puts the results into tar files in the layout of
 * WebDataset: {@code 00000123.png} for the image with that number, {@code 00000123.cls} with its
 * class, {@code classes.txt} beside them, {@code vectors.csv} if the source has one. Training from
 * them sees the pixels that it would see from the originals, in the same order if no image had to
 * be left out.
 *
 * <p>Images keep their channels: gray stays gray, and is repeated, or colour made gray, when a
 * model wants the other, after the fitting as always.
 */
public final class ShardPreparation {

  private static final String NAMES = "names.tsv";
  private static final String CLASSES = "classes.txt";
  private static final String SUMS = "SHA256SUMS";

  private final ImageDataset set;
  private final Optional<VectorText> vectors;
  private final Size size;
  private final int threads;
  private final Listener listener;
  private final ShardFolder folder;
  private final Recipe recipe;

  private ShardPreparation(
      Source source, Size size, int threads, Listener listener, ShardFolder folder, Recipe recipe) {
    this.set = source.set;
    this.vectors = source.vectors;
    this.size = size;
    this.threads = threads;
    this.listener = listener;
    this.folder = folder;
    this.recipe = recipe;
  }

  /**
   * What is prepared.
   *
   * @param upright whether the set turns its pictures upright; to be told apart when going on
   * @param vectors of its images, which go with them under their new names
   */
  public record Source(ImageDataset set, boolean upright, Optional<VectorText> vectors) {}

  /** Hears how far the preparation is, on the caller's thread. */
  public interface Listener {

    /** So many images are in shards that an earlier run has finished. */
    void kept(int images);

    /** An image is done. */
    void done(int images);

    /** An image is left out. */
    void skipped(String name, String reason);
  }

  /**
   * Prepares a set.
   *
   * @param imagesPerShard at least 1
   * @param out the folder to be made; what an earlier run with the same settings has finished in it
   *     is checked and kept
   * @throws InputException if something else lies there, no image can be read, or the disk is full
   */
  public static PreparedSet prepare(
      Source source, Size size, int imagesPerShard, Path out, int threads, Listener listener) {
    ImageDataset set = source.set;
    Recipe recipe =
        new Recipe(digest(set), set.size(), size.toString(), imagesPerShard, source.upright);
    Optional<PreparedSet> existing = ShardFolder.existing(out, recipe);
    if (existing.isPresent()) {
      requireSameVectors(source, existing.get(), out);
      listener.kept(set.size());
      return existing.get();
    }
    try (ShardFolder folder = ShardFolder.open(out, recipe)) {
      return new ShardPreparation(source, size, threads, listener, folder, recipe).prepare();
    }
  }

  /** Over the names of all classes and the names and classes of all images. */
  private static String digest(ImageDataset set) {
    var digest = ShardFile.sha256();
    set.classNames().forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; i < set.size(); i++) {
      digest.update(
          "%s\t%d\n".formatted(set.name(i), set.label(i)).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private PreparedSet prepare() {
    Map<String, Shard> finished =
        folder.finished().stream()
            .collect(Collectors.toMap(Shard::file, Function.identity(), (first, last) -> last));
    List<Shard> shards = new ArrayList<>();
    for (int number = 0; number < recipe.shards(); number++) {
      int first = number * recipe.imagesPerShard();
      int end = Math.min(set.size(), first + recipe.imagesPerShard());
      String file = String.format(Locale.ROOT, "shard-%06d.tar", number);
      Shard shard = finished.get(file);
      if (shard == null) {
        shard = write(file, first, end);
        folder.finish(shard);
      } else {
        listener.kept(end);
      }
      shards.add(shard);
    }
    PreparedSet prepared =
        new PreparedSet(
            PreparedSet.FORM, recipe, shards.stream().mapToInt(Shard::images).sum(), shards);
    requireImages(prepared);
    writeCompanions(prepared);
    folder.complete(prepared);
    return prepared;
  }

  private Shard write(String file, int first, int end) {
    List<Skipped> skipped = new ArrayList<>();
    Path path = folder.resolve(file);
    String sha256 =
        ShardFile.write(
            path,
            shard ->
                InOrder.forEach(
                    first, end, threads, this::sample, sample -> add(shard, sample, skipped)));
    try {
      return new Shard(file, end - first - skipped.size(), Files.size(path), sha256, skipped);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  /**
   * One image on its way into a shard.
   *
   * @param png empty if it cannot be read
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Sample(int index, Optional<byte[]> png, String reason) {}

  private Sample sample(int index) {
    try {
      DecodedImage image = set.decode(index);
      DecodedImage fitted = ImageFit.fit(image, size, image.channels());
      return new Sample(index, Optional.of(PlainPng.encode(fitted)), "");
    } catch (CorruptImageException e) {
      return new Sample(index, Optional.empty(), e.reason());
    }
  }

  private void add(ShardFile shard, Sample sample, List<Skipped> skipped) {
    int index = sample.index;
    if (sample.png.isPresent()) {
      shard.add(key(index) + ".png", sample.png.get());
      if (!set.classNames().isEmpty()) {
        shard.add(
            key(index) + ".cls",
            Integer.toString(set.label(index)).getBytes(StandardCharsets.US_ASCII));
      }
    } else {
      skipped.add(new Skipped(set.name(index), sample.reason));
      listener.skipped(set.name(index), sample.reason);
    }
    listener.done(index + 1);
  }

  private static String key(int index) {
    return String.format(Locale.ROOT, "%08d", index);
  }

  private void requireImages(PreparedSet prepared) {
    if (prepared.images() == 0) {
      Skipped first = prepared.skipped().getFirst();
      throw new InputException(
          "None of the %d images can be read (%s: %s); check the folder and --data-type."
              .formatted(set.size(), first.name(), first.reason()));
    }
  }

  /** Class names, where each image comes from, vectors, and sums for {@code sha256sum -c}. */
  private void writeCompanions(PreparedSet prepared) {
    List<String> companions = new ArrayList<>();
    if (!set.classNames().isEmpty()) {
      companions.add(CLASSES);
      AtomicFiles.writeString(folder.resolve(CLASSES), String.join("\n", set.classNames()) + "\n");
    }
    companions.add(NAMES);
    AtomicFiles.write(folder.resolve(NAMES), file -> writeNames(file, prepared));
    if (vectors.isPresent()) {
      companions.add(ImageVectors.FILE_NAME);
      AtomicFiles.writeString(
          folder.resolve(ImageVectors.FILE_NAME), vectorLines(set, prepared, vectors.get()));
    }
    StringBuilder sums = new StringBuilder();
    prepared
        .shards()
        .forEach(shard -> sums.append("%s  %s\n".formatted(shard.sha256(), shard.file())));
    companions.forEach(
        name -> sums.append("%s  %s\n".formatted(ShardFile.sha256(folder.resolve(name)), name)));
    AtomicFiles.writeString(folder.resolve(SUMS), sums.toString());
  }

  private void writeNames(Path file, PreparedSet prepared) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      for (int i : kept(set, prepared)) {
        out.write("%s.png\t%s\n".formatted(key(i), set.name(i).replaceAll("[\t\r\n]", " ")));
      }
    }
  }

  /** {@code vectors.csv} of the prepared set. */
  private static String vectorLines(ImageDataset set, PreparedSet prepared, VectorText vectors) {
    int perShard = prepared.recipe().imagesPerShard();
    StringBuilder lines = new StringBuilder();
    for (int i : kept(set, prepared)) {
      String shard = prepared.shards().get(i / perShard).file();
      lines.append("%s#%s.png,%s\n".formatted(shard, key(i), vectors.of(i)));
    }
    return lines.toString();
  }

  /** The images that were not left out, by their numbers in the source. */
  private static List<Integer> kept(ImageDataset set, PreparedSet prepared) {
    Set<String> skipped = new HashSet<>();
    prepared.skipped().forEach(image -> skipped.add(image.name()));
    return IntStream.range(0, set.size())
        .filter(i -> !skipped.contains(set.name(i)))
        .boxed()
        .toList();
  }

  private static void requireSameVectors(Source source, PreparedSet prepared, Path out) {
    if (source.vectors.isEmpty()) {
      return; // Vectors that were added by hand stay.
    }
    Path file = out.resolve(ImageVectors.FILE_NAME);
    String lines = vectorLines(source.set, prepared, source.vectors.get());
    try {
      if (Files.exists(file) && Files.readString(file).equals(lines)) {
        return;
      }
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
    throw new InputException(
        "%s was prepared with other vectors than the images have now; choose another --out, or delete it."
            .formatted(out));
  }
}
