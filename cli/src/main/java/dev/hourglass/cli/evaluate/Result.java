package dev.hourglass.cli.evaluate;

import dev.hourglass.evaluation.Score;
import java.util.List;
import java.util.Map;

/**
 * What a set of images was found to be like.
 *
 * @param swept the settings that distinguish it from others; empty for a single one
 */
public record Result(Map<String, String> swept, List<Score> scores) {

  public Result {
    scores = List.copyOf(scores);
  }
}
