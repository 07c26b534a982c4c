package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Layers one after the other; or several such stacks side by side, each with the same input, whose
 * mean goes on (docs/model.md, 1.6).
 *
 * @param name of the stack in checkpoints, such as {@code down_levels.0}
 * @param depth how many layers one after the other
 * @param count how many stacks side by side
 * @param firstIndex of its first layer among those of the level
 * @param firstPlace of its first layer among those of the model
 */
public record Stack(
    String name, LayerForm form, int depth, int count, int firstIndex, int firstPlace)
    implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    List<T> results = IntStream.range(0, count).mapToObj(s -> one(s, on, x)).toList();
    return count == 1 ? results.getFirst() : on.mean(results);
  }

  private <T> T one(int stack, Primitives<T> on, T x) {
    T y = x;
    for (int i = 0; i < depth; i++) {
      int number = stack * depth + i;
      y = form.layer(firstIndex + i, firstPlace + number).apply(on.in(name + "." + number), y);
    }
    return y;
  }

  /** Layers in all. */
  public int layers() {
    return count * depth;
  }
}
