package dev.hourglass.cli.report;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.CostRow;
import dev.hourglass.config.cost.LevelCost;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.config.cost.PartCost;
import dev.hourglass.core.InputException;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a model costs, for people and as JSON. */
public record CostReport(ModelConfig model, ModelCost cost, int batchSize) {

  private static final List<String> HEADER =
      List.of(
          "part",
          "grid",
          "tokens",
          "width",
          "heads",
          "attention",
          "layers",
          "parameters",
          "GMACs",
          "attn",
          "activations");

  /** Prints a table of its parts. */
  public void print(PrintWriter out) {
    out.println(
        "%s pixels, %d channel%s, patches of %s, %s; batch of %d"
            .formatted(
                cost.size(),
                model.inputChannels(),
                model.inputChannels() == 1 ? "" : "s",
                model.patchSize(),
                model.numClasses() == 0 ? "no classes" : model.numClasses() + " classes",
                batchSize));
    out.println();
    TextTable table = new TextTable(HEADER);
    cost.levels().forEach(level -> table.add(levelCells(level)));
    cost.parts().forEach(part -> table.add(partCells(part)));
    table.addLine();
    table.add(
        cells(
            "total",
            List.of("", "", "", "", "", Integer.toString(layers())),
            cost.parameters(),
            cost.macs(),
            attentionMacs(),
            cost.activationBytes()));
    table.print(out);
  }

  private List<String> levelCells(LevelCost level) {
    return cells(
        level.name(),
        List.of(
            level.grid().toString(),
            "%,d".formatted(level.tokens()),
            Integer.toString(level.width()),
            level.heads() == 0 ? "-" : Integer.toString(level.heads()),
            attention(level),
            Integer.toString(level.layers())),
        level.parameters(),
        level.macs(),
        level.attentionMacs(),
        level.activationBytes());
  }

  private List<String> partCells(PartCost part) {
    return cells(
        part.name(),
        List.of("", "", "", "", "", ""),
        part.parameters(),
        part.macs(),
        0,
        part.activationBytes());
  }

  private List<String> cells(
      String name, List<String> shape, long parameters, long macs, long attentionMacs, long bytes) {
    return List.of(
        name,
        shape.get(0),
        shape.get(1),
        shape.get(2),
        shape.get(3),
        shape.get(4),
        shape.get(5),
        "%,d".formatted(parameters),
        gmacs(macs, batchSize),
        attentionMacs == 0 ? "" : "%.1f%%".formatted(100.0 * attentionMacs / macs),
        memory(bytes, batchSize));
  }

  private String attention(LevelCost level) {
    return model.levels().get(level.level()).selfAttention().describe();
  }

  private int layers() {
    return cost.levels().stream().mapToInt(LevelCost::layers).sum();
  }

  private long attentionMacs() {
    return cost.levels().stream().mapToLong(LevelCost::attentionMacs).sum();
  }

  static String gmacs(long macs, int batchSize) {
    return "%.3f".formatted(ofBatch(macs, batchSize) / 1e9);
  }

  static String memory(long bytes, int batchSize) {
    double all = ofBatch(bytes, batchSize);
    return all < 1 << 30
        ? "%.1f MiB".formatted(all / (1 << 20))
        : "%.1f GiB".formatted(all / (1 << 30));
  }

  /**
   * What a batch costs.
   *
   * @throws InputException from 2^63 on
   */
  static long ofBatch(long count, int batchSize) {
    try {
      return Math.multiplyExact(count, batchSize);
    } catch (ArithmeticException e) {
      throw new InputException(
          "The cost of a batch of %d is above 2^63, more than is counted here; make --batch-size smaller."
              .formatted(batchSize),
          e);
    }
  }

  /** All numbers in full; MACs and bytes are those of the whole batch. */
  public void addTo(ObjectNode root) {
    root.put("size", cost.size().toString());
    root.put("batch_size", batchSize);
    root.put("parameters", cost.parameters());
    root.put("macs", ofBatch(cost.macs(), batchSize));
    root.put("attention_macs", ofBatch(attentionMacs(), batchSize));
    root.put("activation_bytes", ofBatch(cost.activationBytes(), batchSize));
    ArrayNode levels = root.putArray("levels");
    for (LevelCost level : cost.levels()) {
      ObjectNode node = row(levels, level);
      node.put("grid", level.grid().toString());
      node.put("tokens", level.tokens());
      node.put("width", level.width());
      node.put("heads", level.heads());
      node.put("attention", attention(level));
      node.put("layers", level.layers());
      node.put("attention_macs", ofBatch(level.attentionMacs(), batchSize));
    }
    ArrayNode parts = root.putArray("parts");
    cost.parts().forEach(part -> row(parts, part));
  }

  private ObjectNode row(ArrayNode rows, CostRow row) {
    return rows.addObject()
        .put("name", row.name())
        .put("parameters", row.parameters())
        .put("macs", ofBatch(row.macs(), batchSize))
        .put("activation_bytes", ofBatch(row.activationBytes(), batchSize));
  }
}
