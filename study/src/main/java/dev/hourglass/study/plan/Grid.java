package dev.hourglass.study.plan;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Axes whose product are variants. An axis is a path and its values, {@code "model.widths": [[32,
 * 64], [64, 64]]}, or a name and named overlays, {@code "attention": {"global": {...}, "window":
 * {...}}}. A path without a dot that is no key of the study itself is one of {@code model}.
 */
final class Grid {

  /** A value of an axis: its part of the variant's name, and what it changes. */
  private record Point(String label, ObjectNode overlay) {}

  private Grid() {}

  /**
   * The product, the last axis fastest.
   *
   * @throws InputException if an axis is empty or is neither a list nor an object
   */
  static List<Variant> variants(ObjectNode axes) {
    if (axes.isEmpty()) {
      return List.of();
    }
    List<Point> product = List.of(new Point("", Overlay.empty()));
    for (Map.Entry<String, JsonNode> axis : axes.properties()) {
      List<Point> points = points(axis.getKey(), axis.getValue());
      product =
          product.stream()
              .flatMap(left -> points.stream().map(right -> both(left, right)))
              .toList();
    }
    return product.stream().map(point -> new Variant(point.label, point.overlay)).toList();
  }

  private static Point both(Point left, Point right) {
    String label = left.label.isEmpty() ? right.label : left.label + "," + right.label;
    return new Point(label, Overlay.merge(left.overlay, right.overlay));
  }

  private static List<Point> points(String axis, JsonNode values) {
    List<Point> points =
        switch (values) {
          case ArrayNode list -> listed(axis, list);
          case ObjectNode named -> named(axis, named);
          default ->
              throw new InputException(
                  "grids.%s is %s; give a list of values, or an object of named overlays."
                      .formatted(axis, JsonText.render(values)));
        };
    if (points.isEmpty()) {
      throw new InputException("grids.%s is empty; give at least one value.".formatted(axis));
    }
    return points;
  }

  private static List<Point> listed(String axis, ArrayNode values) {
    String path = axis.contains(".") || StudyKeys.OVERLAY.contains(axis) ? axis : "model." + axis;
    String name = axis.substring(axis.lastIndexOf('.') + 1);
    Map<String, Point> points = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      String label = name + "=" + text(values.get(i), i);
      Point point = new Point(label, Overlay.at(path, values.get(i)));
      if (points.put(label, point) != null) {
        throw new InputException(
            "grids.%s has two values that read %s; keep one of them.".formatted(axis, label));
      }
    }
    return List.copyOf(points.values());
  }

  private static List<Point> named(String axis, ObjectNode overlays) {
    List<Point> points = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : overlays.properties()) {
      if (!(entry.getValue() instanceof ObjectNode overlay)) {
        throw new InputException(
            "grids.%s.%s is %s; give an overlay in braces."
                .formatted(axis, entry.getKey(), JsonText.render(entry.getValue())));
      }
      points.add(new Point(axis + "=" + entry.getKey(), overlay));
    }
    return points;
  }

  /** A value as part of a name: plain values and lists of them as they are, others by number. */
  private static String text(JsonNode value, int index) {
    if (value instanceof ArrayNode list
        && StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isValueNode)) {
      return StreamSupport.stream(list.spliterator(), false)
          .map(Grid::plain)
          .collect(Collectors.joining("-"));
    }
    return value.isValueNode() ? plain(value) : "#" + (index + 1);
  }

  private static String plain(JsonNode value) {
    String text = value.isString() ? value.stringValue() : JsonText.compact(value);
    return text.replaceAll("[^\\w+.-]", "_");
  }
}
