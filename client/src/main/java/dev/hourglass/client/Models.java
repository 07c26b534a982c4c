package dev.hourglass.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the server offers.
 *
 * @param all its models, the default one first
 * @param samplers by name
 * @param schedules by name
 * @param defaults the settings of a request that sets none, by the names of the request's members
 */
public record Models(
    List<Model> all,
    List<String> samplers,
    List<String> schedules,
    Map<String, Object> defaults,
    Limits limits) {

  public Models {
    all = List.copyOf(all);
    samplers = List.copyOf(samplers);
    schedules = List.copyOf(schedules);
    defaults = Map.copyOf(defaults);
  }

  /** The model of that id, if there is one. */
  public Optional<Model> find(String id) {
    return all.stream().filter(model -> model.id().equals(id)).findFirst();
  }
}
