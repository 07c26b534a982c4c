package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.Require;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Global attention by way of landmarks, the means of equal blocks of tokens (Xiong et al. 2021).
 *
 * @param dHead channels of a head, a multiple of 8
 * @param rows blocks in a column of the grid, a divisor of its height
 * @param columns blocks in a row of the grid, a divisor of its width
 */
public record Nystrom(int dHead, int rows, int columns) implements SelfAttention {

  private static final String LANDMARKS = "landmarks";

  public static final Form FORM = new Form("nystrom", List.of(Heads.KEY, LANDMARKS), Nystrom::read);

  private static Nystrom read(JsonSection section) {
    List<Integer> blocks = section.integers(LANDMARKS);
    if (blocks.size() != 2) {
      throw new InputException(
          "%s has length %d; give the numbers of blocks by height and width, such as [4, 4]."
              .formatted(section.path(LANDMARKS), blocks.size()));
    }
    return new Nystrom(Heads.read(section), blocks.get(0), blocks.get(1));
  }

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public void writeNumbers(ObjectNode node) {
    node.put(Heads.KEY, dHead).putArray(LANDMARKS).add(rows).add(columns);
  }

  @Override
  public String describe() {
    return "%s %dx%d".formatted(name(), rows, columns);
  }

  @Override
  public Optional<AttentionCore> core(
      int layer, int width, Similarity similarity, Positions positions) {
    return Optional.of(new NystromCore(rows, columns, similarity, positions, heads(width)));
  }

  @Override
  public void check(int level, int width) {
    Heads.check(level, dHead, width);
    Require.positive(Heads.path(level, LANDMARKS) + "[0]", rows);
    Require.positive(Heads.path(level, LANDMARKS) + "[1]", columns);
  }

  @Override
  public Optional<Misfit> misfit(int gridRows, int gridColumns) {
    if (gridRows % rows == 0 && gridColumns % columns == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Misfit(
            LANDMARKS,
            "[%d, %d]".formatted(rows, columns),
            "has %dx%d tokens, which do not make so many equal blocks"
                .formatted(gridRows, gridColumns),
            "use another image size or divisors such as [%d, %d]"
                .formatted(divisor(gridRows, rows), divisor(gridColumns, columns))));
  }

  /** The largest divisor of {@code size} that is at most {@code count}. */
  private static int divisor(int size, int count) {
    int divisor = Math.min(size, count);
    while (size % divisor != 0) {
      divisor--;
    }
    return divisor;
  }
}
