package dev.hourglass.config.cost;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How the paper takes a model to higher resolutions (figure 2, table 1): for each doubling of the
 * sides it gets one more outer level, like its outermost, so that the inner ones keep their grids
 * and the cost stays linear in the number of pixels.
 */
public final class GrownModel {

  private GrownModel() {}

  /**
   * The model for a size; the model itself where the size is not its training size doubled once or
   * more.
   *
   * @throws dev.hourglass.core.InputException if the larger model's levels do not fit the size
   */
  public static ModelConfig of(ModelConfig model, Size size) {
    int doublings = doublings(model.inputSize(), size);
    if (doublings == 0) {
      return model;
    }
    List<LevelConfig> levels =
        new ArrayList<>(Collections.nCopies(doublings, model.levels().getFirst()));
    levels.addAll(model.levels());
    return model.withLevels(levels, size);
  }

  private static int doublings(Size from, Size to) {
    int times = Integer.numberOfTrailingZeros(Math.max(1, to.height() / from.height()));
    boolean exactly =
        (long) from.height() << times == to.height() && (long) from.width() << times == to.width();
    return exactly ? times : 0;
  }
}
