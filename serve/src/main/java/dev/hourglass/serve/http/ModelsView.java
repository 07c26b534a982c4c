package dev.hourglass.serve.http;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.recipe.SettingsRecipe;
import dev.hourglass.serve.model.ModelState;
import dev.hourglass.serve.model.Models;
import dev.hourglass.serve.model.ReadyModel;
import dev.hourglass.serve.request.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What clients may know of the models. */
record ModelsView(Models models, Limits limits, long created) {

  private static final List<String> SCHEDULES =
      List.of("karras", "exponential", "polyexponential:RHO", "vp", "flow:SHIFT");

  Map<String, Object> all() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("object", "list");
    answer.put(
        "data",
        models.states().entrySet().stream().map(e -> one(e.getKey(), e.getValue())).toList());
    answer.put("samplers", Samplers.names());
    answer.put("schedules", SCHEDULES);
    Map<String, Object> defaults = new LinkedHashMap<>();
    defaults.put("sampler", SampleSettings.DEFAULT.sampler());
    defaults.put("schedule", SettingsRecipe.DEFAULT_SCHEDULE);
    defaults.put("steps", SampleSettings.DEFAULT.steps());
    defaults.put("guidance", 1);
    answer.put("defaults", defaults);
    Map<String, Object> limit = new LinkedHashMap<>();
    limit.put("images", limits.images());
    limit.put("steps", limits.steps());
    limit.put("pixels", limits.pixels());
    limit.put("body_bytes", limits.bodyBytes());
    limit.put("queue", limits.queue());
    limit.put("deadline", limits.deadline().toSeconds());
    answer.put("limits", limit);
    return answer;
  }

  Map<String, Object> one(String id, ModelState state) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", id);
    members.put("object", "model");
    members.put("created", created);
    members.put("owned_by", "hourglass");
    switch (state) {
      case ModelState.Loading _ -> members.put("status", "loading");
      case ModelState.Failed(String sentence) -> {
        members.put("status", "failed");
        members.put("detail", sentence);
      }
      case ModelState.Ready(ReadyModel model) -> describe(model, members);
    }
    return members;
  }

  private static void describe(ReadyModel model, Map<String, Object> members) {
    ModelConfig config = model.config();
    members.put("status", "ready");
    members.put("digest", model.digest());
    members.put("height", config.inputSize().height());
    members.put("width", config.inputSize().width());
    members.put("channels", config.inputChannels());
    members.put(
        "classes",
        IntStream.range(0, config.numClasses()).mapToObj(model.file()::className).toList());
    members.put("vector", config.mappingCondDim());
    members.put("batch", model.batched().limit());
    members.put("seconds_per_evaluation", Models.secondsOfEach(model.batched()));
  }
}
