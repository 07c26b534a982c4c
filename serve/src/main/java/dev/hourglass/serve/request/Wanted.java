package dev.hourglass.serve.request;

import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.serve.model.ReadyModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A request for images, checked.
 *
 * @param guide the weaker model of autoguidance
 * @param words the settings, as the images will carry them
 * @param previews a preview every so many steps; 0 for none
 * @param deadline after which it is given up
 */
public record Wanted(
    ReadyModel model,
    Optional<ReadyModel> guide,
    SampleRequest request,
    SampleSettings settings,
    Map<String, Object> words,
    int previews,
    Duration deadline) {

  public Wanted {
    words = new LinkedHashMap<>(words);
  }
}
