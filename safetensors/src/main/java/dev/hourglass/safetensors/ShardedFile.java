package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model in parts: an index, {@code model.safetensors.index.json}, whose {@code weight_map} says
 * for each tensor which safetensors file beside it holds it. It reads as one file; its metadata is
 * that of the index and of all parts, the first of a key winning.
 */
public final class ShardedFile implements TensorFile {

  /** Far above any real index, and the limit of a safetensors header, which holds the same. */
  private static final long MAX_BYTES = HeaderParser.MAX_HEADER_BYTES;

  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.safetensors");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path index;
  private final Map<String, SafetensorsFile> parts = new LinkedHashMap<>();
  private final Map<String, SafetensorsFile> holders = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private ShardedFile(Path index) {
    this.index = index;
  }

  /**
   * Opens an index and all its parts.
   *
   * @throws InputException if the index is damaged, or a part is missing, damaged or lacks a tensor
   */
  public static ShardedFile open(Path index) {
    ShardedFile file = new ShardedFile(index);
    boolean opened = false;
    try {
      file.read(tree(index));
      opened = true;
      return file;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /**
   * Refuses a file that its name calls one of several parts: it reads as any other, but lacks the
   * rest of the model.
   */
  public static void requireWhole(Path file) {
    Matcher name = PART.matcher(file.getFileName() == null ? "" : file.getFileName().toString());
    if (name.matches() && Integer.parseInt(name.group(3)) > 1) {
      throw new InputException(
          "%s is part %d of the %d parts of a model; give their index, %s.safetensors.index.json, which must lie beside all of them."
              .formatted(
                  file,
                  Integer.parseInt(name.group(2)),
                  Integer.parseInt(name.group(3)),
                  name.group(1)));
    }
  }

  private static JsonNode tree(Path index) {
    try {
      if (Files.size(index) > MAX_BYTES) {
        throw new InputException(
            "%s has more than %d bytes, far too much for the index of a model; give another file."
                .formatted(index, MAX_BYTES));
      }
      return JSON.readTree(Files.readAllBytes(index));
    } catch (JacksonException e) {
      throw new InputException(
          "%s is damaged: line %d, column %d is not valid JSON; copy or download it again."
              .formatted(index, e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          e);
    } catch (IOException e) {
      throw ReadFailure.of(index, e);
    }
  }

  private void read(JsonNode root) {
    JsonNode map = root.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new InputException(
          "%s is not the index of a model: its weight_map is no list of tensors and files; download it again."
              .formatted(index));
    }
    root.path("metadata")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isString()) {
                metadata.put(entry.getKey(), entry.getValue().stringValue());
              }
            });
    map.properties().forEach(entry -> add(entry.getKey(), entry.getValue()));
    parts.values().forEach(part -> part.metadata().forEach(metadata::putIfAbsent));
  }

  private void add(String tensor, JsonNode fileName) {
    // A path with folders could reach any file of the machine.
    if (!fileName.isString() || !isPlain(fileName.stringValue())) {
      throw new InputException(
          "%s: the file of tensor %s is no plain file name; download the index again."
              .formatted(index, TensorNames.quote(tensor)));
    }
    SafetensorsFile part = parts.computeIfAbsent(fileName.stringValue(), this::openPart);
    if (!part.names().contains(tensor)) {
      throw new InputException(
          "%s says that %s holds the tensor %s, but it does not; download all parts again."
              .formatted(index, part.path(), TensorNames.quote(tensor)));
    }
    holders.put(tensor, part);
  }

  private static boolean isPlain(String name) {
    return !name.isBlank()
        && !name.equals("..")
        && !name.equals(".")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
  }

  private SafetensorsFile openPart(String name) {
    Path part = index.resolveSibling(name);
    if (!Files.exists(part)) {
      throw new InputException(
          "%s names the part %s, which is not there; put all parts beside the index."
              .formatted(index, part));
    }
    return SafetensorsFile.open(part);
  }

  @Override
  public Path path() {
    return index;
  }

  @Override
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(index));
    parts.values().forEach(part -> files.add(part.path()));
    return files;
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(holders.keySet());
  }

  @Override
  public TensorData read(String name) {
    SafetensorsFile part = holders.get(name);
    if (part == null) {
      throw TensorNames.missing(index, name, names());
    }
    return part.read(name);
  }

  @Override
  public void close() {
    parts.values().forEach(SafetensorsFile::close);
  }
}
