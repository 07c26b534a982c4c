package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Layers one after the other.
 *
 * @param name of the stack in checkpoints, such as {@code down_levels.0}
 * @param depth how many
 * @param firstIndex of its first layer among those of the level
 * @param firstPlace of its first layer among those of the model
 */
public record Stack(String name, LayerForm form, int depth, int firstIndex, int firstPlace)
    implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    T y = x;
    for (int i = 0; i < depth; i++) {
      y = form.layer(firstIndex + i, firstPlace + i).apply(on.in(name + "." + i), y);
    }
    return y;
  }
}
