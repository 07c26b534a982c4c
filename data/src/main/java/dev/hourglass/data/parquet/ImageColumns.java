package dev.hourglass.data.parquet;

import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which columns of a Parquet file hold images and classes. The hub's files have a struct of {@code
 * bytes} and {@code path} for an image (its name is mostly {@code image} or {@code img}), a whole
 * number for the class, and the names of classes in the file's metadata, under {@code huggingface}.
 *
 * @param bytes of the encoded image: {@code image.bytes}
 * @param label none if the images have no classes
 * @param classNames empty if the metadata name none
 */
record ImageColumns(String bytes, Optional<Label> label, List<String> classNames) {

  private static final String METADATA = "huggingface";
  private static final JsonMapper JSON = new JsonMapper();

  /** The surest names first: CIFAR-100 has fine labels and coarse ones, of which it is the fine. */
  private static final List<String> LABELS = List.of("label", "labels", "fine_label", "class");

  private static final List<String> IMAGES = List.of("image", "img");

  ImageColumns {
    classNames = List.copyOf(classNames);
  }

  /**
   * A column of whole numbers.
   *
   * @param isLong 64 bits rather than 32
   */
  record Label(String name, boolean isLong) {}

  /**
   * Looks for the columns.
   *
   * @param metadata the file's own keys and values
   * @throws InputException if there is no column of images
   */
  static ImageColumns of(Path file, FileSchema schema, Map<String, String> metadata) {
    List<String> images = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (SchemaNode field : schema.getRootNode().children()) {
      if (isImage(field)) {
        images.add(field.name());
      } else if (isWholeNumber(field)) {
        labels.add(field.name());
      }
    }
    String image =
        surest(images, IMAGES)
            .orElseThrow(
                () ->
                    new InputException(
                        "%s has no column of images, a struct of bytes and path as the hub writes it; its columns are %s."
                            .formatted(
                                file,
                                String.join(
                                    ", ",
                                    schema.getRootNode().children().stream()
                                        .map(SchemaNode::name)
                                        .toList()))));
    Optional<String> label = surest(labels.stream().filter(LABELS::contains).toList(), LABELS);
    return new ImageColumns(
        image + ".bytes",
        label.map(name -> new Label(name, isLong(schema.getField(name)))),
        label.map(name -> classNames(metadata, name)).orElse(List.of()));
  }

  private static boolean isImage(SchemaNode field) {
    return field instanceof SchemaNode.GroupNode group
        && group.isStruct()
        && group.children().stream()
            .anyMatch(
                child ->
                    child instanceof SchemaNode.PrimitiveNode leaf
                        && leaf.name().equals("bytes")
                        && leaf.type() == PhysicalType.BYTE_ARRAY
                        && leaf.maxRepetitionLevel() == 0);
  }

  private static boolean isWholeNumber(SchemaNode field) {
    return field instanceof SchemaNode.PrimitiveNode leaf
        && (leaf.type() == PhysicalType.INT64 || leaf.type() == PhysicalType.INT32)
        && leaf.maxRepetitionLevel() == 0;
  }

  private static boolean isLong(SchemaNode field) {
    return field instanceof SchemaNode.PrimitiveNode leaf && leaf.type() == PhysicalType.INT64;
  }

  private static Optional<String> surest(List<String> found, List<String> ranked) {
    return ranked.stream().filter(found::contains).findFirst().or(() -> found.stream().findFirst());
  }

  /** From {@code {"info": {"features": {"label": {"names": [...], "_type": "ClassLabel"}}}}}. */
  private static List<String> classNames(Map<String, String> metadata, String label) {
    String text = metadata.getOrDefault(METADATA, "{}");
    try {
      JsonNode names = JSON.readTree(text).path("info").path("features").path(label).path("names");
      return StreamSupport.stream(names.spliterator(), false).map(JsonNode::asString).toList();
    } catch (JacksonException e) {
      return List.of(); // Some other program's key of the same name.
    }
  }
}
