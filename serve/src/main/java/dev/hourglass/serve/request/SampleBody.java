package dev.hourglass.serve.request;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.Interpolation;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.picture.OwnDrawing;
import dev.hourglass.sampling.recipe.EditRecipe;
import dev.hourglass.sampling.recipe.SettingsRecipe;
import dev.hourglass.serve.model.Models;
import dev.hourglass.serve.model.ReadyModel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The body of {@code POST /v1/samples}: every option of {@code sample} and of editing. */
public final class SampleBody {

  private static final List<String> KEYS =
      List.of(
          "model",
          "class",
          "n",
          "first_index",
          "seed",
          "sampler",
          "sampler_options",
          "schedule",
          "steps",
          "sigmas",
          "guidance",
          "guidance_interval",
          "guide",
          "size",
          "vector",
          "init_image",
          "strength",
          "mask",
          "upscale",
          "colorize",
          "resample",
          "interpolate",
          "previews",
          "deadline");

  private static final int DEFAULT_PREVIEWS = 5;
  private static final SecureRandom SEEDS = new SecureRandom();

  private final JsonBody body;
  private final JsonSection section;
  private final Uploads uploads;
  private final Limits limits;
  private final ReadyModel model;

  private SampleBody(JsonBody body, Uploads uploads, Models models, Limits limits) {
    body.section().allow(KEYS);
    this.body = body;
    this.section = body.section();
    this.uploads = uploads;
    this.limits = limits;
    this.model = models.ready(section.string("model", models.first()));
  }

  /** The members that a body may have. */
  public static List<String> keys() {
    return KEYS;
  }

  /**
   * Reads and checks a body.
   *
   * @param uploads files that came beside it
   * @throws InputException if something in it is wrong, without a path of this machine
   */
  public static Wanted parse(byte[] json, Uploads uploads, Models models, Limits limits) {
    SampleBody wish = new SampleBody(JsonBody.parse(json), uploads, models, limits);
    try {
      return wish.wanted(models);
    } catch (InputException e) {
      throw new InputException(
          e.getMessage().replace(wish.model.file().path().toString(), "model " + wish.model.id()),
          e);
    }
  }

  private Wanted wanted(Models models) {
    SettingsRecipe recipe = recipe();
    SampleSettings settings = recipe.settings();
    ModelConfig config = model.config();
    Size size = settings.size().orElse(config.inputSize());
    requireWithin("n", section.integer("n", 1), 1, limits.images());
    requireWithin("steps", (long) settings.steps() * repeats(), 1, limits.steps());
    if (size.area() > limits.pixels()) {
      throw new InputException(
          "Images of %s have more than the %,d pixels that this server draws; choose a smaller size."
              .formatted(size, limits.pixels()));
    }
    config.requireSize(size);
    Optional<ReadyModel> guide =
        body.has("guide") ? Optional.of(models.ready(section.string("guide"))) : Optional.empty();
    guide.ifPresent(weaker -> ImageGenerator.requireSameImages(model.file(), weaker.file()));

    Map<String, Object> words = new LinkedHashMap<>();
    words.put("model", model.digest());
    words.putAll(recipe.words(config.inputSize()));
    guide.ifPresent(weaker -> words.put("guide", weaker.digest()));
    words.put("precision", model.precision());
    SampleRequest request = request(config, size, words);
    if (!request.vector().isEmpty()) {
      words.put("vector", request.vector());
    }
    return new Wanted(model, guide, request, settings, words, previews(), deadline());
  }

  private SettingsRecipe recipe() {
    return new SettingsRecipe(
        section.string("sampler", SampleSettings.DEFAULT.sampler()),
        section.string("sampler_options", ""),
        body.has("schedule") ? Optional.of(section.string("schedule")) : Optional.empty(),
        body.numbers("sigmas"),
        body.integer("steps"),
        section.number("guidance", 1),
        body.numbers("guidance_interval"),
        seed(),
        body.has("size") ? Optional.of(Size.parse(section.string("size"))) : Optional.empty());
  }

  private long seed() {
    List<Long> ends = interpolated();
    return ends.isEmpty()
        ? body.whole("seed").orElseGet(() -> SEEDS.nextInt(Integer.MAX_VALUE))
        : ends.getFirst();
  }

  /** The seeds at both ends of a way; empty without one. */
  private List<Long> interpolated() {
    List<JsonNode> ends = body.oneOrMore("interpolate");
    if (!ends.isEmpty() && ends.size() != 2) {
      throw new InputException(
          "interpolate is two seeds, not %d; write for example [3, 8].".formatted(ends.size()));
    }
    if (!ends.isEmpty() && (body.has("seed") || !images().isEmpty())) {
      throw new InputException(
          "interpolate says what the images start from; leave out %s."
              .formatted(body.has("seed") ? "seed" : "init_image"));
    }
    return ends.stream().map(end -> JsonBody.whole("interpolate", end)).toList();
  }

  private int repeats() {
    return section.integer("resample", 1);
  }

  private SampleRequest request(ModelConfig config, Size size, Map<String, Object> words) {
    SampleRequest asked =
        new SampleRequest(
            body.whole("first_index").orElse(0),
            section.integer("n", 1),
            1,
            classes(),
            body.numbers("vector").stream().map(Double::floatValue).toList());
    List<Long> ends = interpolated();
    if (!ends.isEmpty()) {
      words.put("interpolate", ends);
      words.put("frames", asked.count());
      return asked.from(new Interpolation(ends.getLast(), asked.count()));
    }
    return edited(asked, config, size, words);
  }

  private List<Integer> classes() {
    return body.oneOrMore("class").stream()
        .map(
            value -> {
              if (!value.isString() && !value.isIntegralNumber()) {
                throw new InputException(
                    "class is a name or a number of a class, or a list of them.");
              }
              return model.file().classNumber(value.asString());
            })
        .toList();
  }

  private SampleRequest edited(
      SampleRequest asked, ModelConfig config, Size size, Map<String, Object> words) {
    List<byte[]> files = images();
    Optional<byte[]> mask = mask();
    EditRecipe recipe =
        new EditRecipe(
            body.number("strength"),
            mask.map(file -> mask(file, size)),
            body.integer("upscale"),
            section.bool("colorize", false),
            body.integer("resample"));
    if (files.isEmpty()) {
      for (String key : List.of("strength", "mask", "upscale", "colorize", "resample")) {
        if (body.has(key) || (key.equals("mask") && mask.isPresent())) {
          throw new InputException(
              "%s says what to do with an image; send one as init_image.".formatted(key));
        }
      }
      return asked;
    }
    Size given = recipe.given(size);
    List<float[]> pixels = new ArrayList<>();
    for (byte[] file : files) {
      pixels.add(
          Uploads.decode("init_image", file, given)
              .withChannels(config.inputChannels())
              .toFloats());
    }
    List<String> names = IntStream.range(0, files.size()).mapToObj("upload-%d"::formatted).toList();
    words.putAll(recipe.words(names, "upload"));
    return asked
        .from(recipe.edit(pixels, config, size))
        .withClasses(asked.classes().isEmpty() ? ownClasses(files, model.file()) : asked.classes());
  }

  private static List<Integer> ownClasses(List<byte[]> files, ModelFile model) {
    int classes = model.config().model().numClasses();
    List<Integer> own = new ArrayList<>();
    for (byte[] file : classes == 0 ? List.<byte[]>of() : files) {
      OptionalInt number = OwnDrawing.classNumber(file);
      if (number.isEmpty() || number.getAsInt() >= classes) {
        throw new InputException(
            "The image does not say its class, and the model has %d; send class with it."
                .formatted(classes));
      }
      own.add(number.getAsInt());
    }
    return own;
  }

  private List<byte[]> images() {
    List<byte[]> all = new ArrayList<>(uploads.images());
    for (JsonNode text : body.oneOrMore("init_image")) {
      if (!text.isString()) {
        throw new InputException("init_image is an image file in base64, or a list of them.");
      }
      all.add(Uploads.ofBase64("init_image", text.stringValue()));
    }
    return all;
  }

  private Optional<byte[]> mask() {
    return body.has("mask")
        ? Optional.of(Uploads.ofBase64("mask", section.string("mask")))
        : uploads.mask();
  }

  /** How much of each pixel is drawn anew, row by row. */
  private static float[] mask(byte[] file, Size size) {
    byte[] gray = Uploads.decode("mask", file, size).withChannels(1).pixels();
    float[] anew = new float[gray.length];
    for (int i = 0; i < anew.length; i++) {
      anew[i] = (gray[i] & 0xFF) / 255f;
    }
    return anew;
  }

  private int previews() {
    int every = section.integer("previews", DEFAULT_PREVIEWS);
    if (every < 0) {
      throw new InputException("previews must not be negative, but is %d.".formatted(every));
    }
    return every;
  }

  private Duration deadline() {
    double seconds = section.number("deadline", (double) limits.deadline().toSeconds());
    if (seconds < 1) {
      throw new InputException("deadline must be at least 1 second, not %s.".formatted(seconds));
    }
    Duration asked = Duration.ofMillis((long) Math.min(seconds * 1000, 1e12));
    return asked.compareTo(limits.deadline()) < 0 ? asked : limits.deadline();
  }

  private static void requireWithin(String what, long value, long low, long high) {
    if (value < low || value > high) {
      throw new InputException(
          "%s must be from %d to %,d on this server, not %d.".formatted(what, low, high, value));
    }
  }
}
