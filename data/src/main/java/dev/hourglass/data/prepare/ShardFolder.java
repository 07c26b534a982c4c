package dev.hourglass.data.prepare;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.data.prepare.PreparedSet.Recipe;
import dev.hourglass.data.prepare.PreparedSet.Shard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder that shards are written to. Until all are there it is called {@code NAME.partial}, so
 * that the folder, like each file in it, is whole or absent. {@code state.jsonl} in it has the
 * recipe on its first line and then a line for each finished shard; a later run with the same
 * recipe goes on from there. Locked, so that two processes do not write at once.
 */
final class ShardFolder implements AutoCloseable {

  static final String INDEX = "index.json";
  private static final String STATE = "state.jsonl";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path target;
  private final Path partial;
  private final Recipe recipe;
  private final FileChannel state;
  private final List<Shard> finished;

  private ShardFolder(
      Path target, Path partial, Recipe recipe, FileChannel state, List<Shard> finished) {
    this.target = target;
    this.partial = partial;
    this.recipe = recipe;
    this.state = state;
    this.finished = finished;
  }

  /**
   * What lies at the target already.
   *
   * @return the set if it was prepared by the same recipe and is whole; nothing if there is nothing
   * @throws InputException if something else lies there, or a shard is not what its sum says
   */
  static Optional<PreparedSet> existing(Path target, Recipe recipe) {
    if (!Files.exists(target) || isEmptyFolder(target)) {
      return Optional.empty();
    }
    Path index = target.resolve(INDEX);
    if (!Files.isRegularFile(index)) {
      throw new InputException(
          "%s exists and is no prepared set; choose another --out, or move it away."
              .formatted(target));
    }
    PreparedSet set = parse(index, PreparedSet.class, text(index));
    if (!recipe.equals(set.recipe())) {
      throw new InputException(
          "%s was prepared %s; choose another --out, or delete it."
              .formatted(target, difference(set.recipe(), recipe)));
    }
    for (Shard shard : set.shards()) {
      if (!isIntact(target, shard)) {
        throw new InputException(
            "%s is not the file that was prepared: its SHA-256 is another; delete %s and prepare again."
                .formatted(target.resolve(shard.file()), target));
      }
    }
    return Optional.of(set);
  }

  /**
   * Begins the folder, or goes on with what a stopped run left behind. Shards that are not what
   * their sums say are made again.
   *
   * @throws InputException if what was left behind was made by another recipe or is in use
   */
  static ShardFolder open(Path target, Recipe recipe) {
    Path partial = target.toAbsolutePath().resolveSibling(target.getFileName() + ".partial");
    Path file = partial.resolve(STATE);
    try {
      if (Files.exists(partial) && !Files.exists(file) && !isEmptyFolder(partial)) {
        throw new InputException(
            "%s exists and is not what a stopped run left behind; choose another --out, or move it away."
                .formatted(partial));
      }
      Files.createDirectories(partial);
      FileChannel state =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        requireLock(state, partial);
        ShardFolder folder =
            new ShardFolder(target, partial, recipe, state, finished(file, partial, recipe));
        folder.rewriteState();
        return folder;
      } catch (RuntimeException e) {
        state.close();
        throw e;
      }
    } catch (IOException e) {
      throw WriteFailure.of(file, e);
    }
  }

  private static void requireLock(FileChannel state, Path partial) throws IOException {
    FileLock lock;
    try {
      lock = state.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new InputException(
          "Another process prepares shards in %s; wait for it, or choose another --out."
              .formatted(partial));
    }
  }

  private static List<Shard> finished(Path file, Path partial, Recipe recipe) {
    // Half a line at the end is a shard that was not quite finished.
    String text = text(file);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    List<Shard> finished = new ArrayList<>();
    if (lines.isEmpty()) {
      return finished;
    }
    Recipe before = parse(file, Recipe.class, lines.getFirst());
    if (!before.equals(recipe)) {
      throw new InputException(
          "%s is what a stopped run left behind, prepared %s; delete it, or choose another --out."
              .formatted(partial, difference(before, recipe)));
    }
    lines.stream()
        .skip(1)
        .map(line -> parse(file, Shard.class, line))
        .filter(shard -> isIntact(partial, shard))
        .forEach(finished::add);
    return finished;
  }

  private void rewriteState() throws IOException {
    state.truncate(0);
    append(recipe);
    for (Shard shard : finished) {
      append(shard);
    }
  }

  private void append(Object value) throws IOException {
    ByteBuffer line = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(value) + "\n");
    while (line.hasRemaining()) {
      state.write(line, state.size());
    }
    state.force(false);
  }

  /** Shards of an earlier run that are as they were. */
  List<Shard> finished() {
    return List.copyOf(finished);
  }

  /** Where a file goes for now. */
  Path resolve(String file) {
    return partial.resolve(file);
  }

  /** Notes that a shard is complete. */
  void finish(Shard shard) {
    finished.add(shard);
    try {
      append(shard);
    } catch (IOException e) {
      throw WriteFailure.of(partial.resolve(STATE), e);
    }
  }

  /** Adds the index and gives the folder its name. */
  void complete(PreparedSet set) {
    AtomicFiles.writeString(
        partial.resolve(INDEX),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(set) + "\n");
    try {
      state.close(); // Some systems do not rename a folder with open files.
      Files.deleteIfExists(target); // An empty folder.
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(target.resolve(STATE));
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  @Override
  public void close() {
    try {
      state.close();
    } catch (IOException e) {
      throw WriteFailure.of(partial.resolve(STATE), e);
    }
  }

  private static boolean isIntact(Path folder, Shard shard) {
    Path file = folder.resolve(shard.file());
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == shard.bytes()
          && ShardFile.sha256(file).equals(shard.sha256());
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  private static boolean isEmptyFolder(Path path) {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> children = Files.list(path)) {
      return children.findAny().isEmpty();
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private static String difference(Recipe before, Recipe now) {
    if (!before.size().equals(now.size())) {
      return "with --size %s instead of %s".formatted(before.size(), now.size());
    }
    if (before.imagesPerShard() != now.imagesPerShard()) {
      return "with --shard-size %d instead of %d"
          .formatted(before.imagesPerShard(), now.imagesPerShard());
    }
    if (before.upright() != now.upright()) {
      return now.upright() ? "with --as-stored" : "without --as-stored";
    }
    return "from other images (%d of them) than these %d"
        .formatted(before.sourceImages(), now.sourceImages());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  private static <T> T parse(Path file, Class<T> type, String json) {
    try {
      T value = JSON.readValue(json, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException | NullPointerException e) {
      throw notOurs(file, e);
    }
    throw notOurs(file, null);
  }

  private static InputException notOurs(Path file, Exception cause) {
    return new InputException(
        "%s is not what data prepare writes; choose another --out, or delete its folder."
            .formatted(file),
        cause);
  }
}
