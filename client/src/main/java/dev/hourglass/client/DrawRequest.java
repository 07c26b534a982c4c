package dev.hourglass.client;

import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What to draw. A member that is not set is the server's choice, so {@code DrawRequest.of("emoji")}
 * is one image of that model with the server's settings. The server checks all values and refuses
 * what it cannot draw.
 *
 * @param members by name, as the body of {@code POST /v1/samples} has them: strings, numbers,
 *     booleans, and lists of these
 */
public record DrawRequest(Map<String, Object> members) {

  public DrawRequest {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** One image of a model of the server. */
  public static DrawRequest of(String model) {
    return new DrawRequest(Map.of("model", model));
  }

  /** One image of the server's first model. */
  public static DrawRequest ofDefaultModel() {
    return new DrawRequest(Map.of());
  }

  /** Sets any member, also one that this class does not know yet. */
  public DrawRequest with(String member, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(members);
    changed.put(member, value);
    return new DrawRequest(changed);
  }

  /** Classes by name, taken in turn by the image's index. Without it all classes take turns. */
  public DrawRequest withClass(String... names) {
    return with("class", List.of(names));
  }

  /** Classes by number from 0, taken in turn by the image's index. */
  public DrawRequest withClassNumber(Integer... numbers) {
    return with("class", List.of(numbers));
  }

  /** How many images, at least 1 and at most the server's {@link Limits#images}. */
  public DrawRequest withImages(int count) {
    return with("n", count);
  }

  /** The index of the first image, at least 0: image i of a seed is always the same image. */
  public DrawRequest withFirstIndex(long index) {
    return with("first_index", index);
  }

  /** 0 to 2^53 - 1. Without it the server draws one and tells it in the answer. */
  public DrawRequest withSeed(long seed) {
    return with("seed", seed);
  }

  /** One of {@link Models#samplers}. */
  public DrawRequest withSampler(String sampler) {
    return with("sampler", sampler);
  }

  /**
   * The same with the sampler's own settings.
   *
   * @param options such as {@code "eta=0.5,s_noise=1"}
   */
  public DrawRequest withSampler(String sampler, String options) {
    return withSampler(sampler).with("sampler_options", options);
  }

  /** One of {@link Models#schedules}. */
  public DrawRequest withSchedule(String schedule) {
    return with("schedule", schedule);
  }

  /** Sampler steps, at least 1 and at most the server's {@link Limits#steps}. */
  public DrawRequest withSteps(int steps) {
    return with("steps", steps);
  }

  /** Noise levels, falling, in place of schedule and steps. */
  public DrawRequest withSigmas(List<Double> sigmas) {
    return with("sigmas", List.copyOf(sigmas));
  }

  /** How strongly the class counts; 1 is the model as it is. */
  public DrawRequest withGuidance(double guidance) {
    return with("guidance", guidance);
  }

  /** Guidance only between these noise levels. */
  public DrawRequest withGuidanceInterval(double low, double high) {
    return with("guidance_interval", List.of(low, high));
  }

  /** A second, weaker model of the server to guide away from. */
  public DrawRequest withGuide(String model) {
    return with("guide", model);
  }

  /** Pixels, for models that draw more than one size. */
  public DrawRequest withSize(int height, int width) {
    return with("size", height + "x" + width);
  }

  /** The conditioning vector, as many numbers as {@link Model#vector} says. */
  public DrawRequest withVector(List<Double> vector) {
    return with("vector", List.copyOf(vector));
  }

  /**
   * Starts from images instead of noise.
   *
   * @param files PNG, JPEG, WebP, ..., of exactly the size that is drawn (that size over N with
   *     {@link #withUpscale})
   */
  public DrawRequest editing(byte[]... files) {
    return files.length == 1
        ? with("init_image", base64(files[0]))
        : with("init_image", List.of(files).stream().map(DrawRequest::base64).toList());
  }

  /** How far an edit goes from the image: 0 to 1. */
  public DrawRequest withStrength(double strength) {
    return with("strength", strength);
  }

  /** An image of the drawn size: white is drawn anew, black is kept to the bit, gray mixes. */
  public DrawRequest withMask(byte[] file) {
    return with("mask", base64(file));
  }

  /** Draws a larger image that is the given one when it is made smaller by {@code factor}. */
  public DrawRequest withUpscale(int factor) {
    return with("upscale", factor);
  }

  /** Draws colors to the given image's gray levels. */
  public DrawRequest colorizing() {
    return with("colorize", true);
  }

  /** Makes each step several times, at least 1; only with mask, upscale or colorize. */
  public DrawRequest withResample(int times) {
    return with("resample", times);
  }

  /** As many frames on the way between the images of two seeds, at least 2. */
  public DrawRequest interpolating(long fromSeed, long toSeed, int frames) {
    return with("interpolate", List.of(fromSeed, toSeed)).withImages(frames);
  }

  /** Tells the listener the model's present guess every so many steps; 0 never. */
  public DrawRequest withPreviews(int everySteps) {
    return with("previews", everySteps);
  }

  /** Seconds, at least 1, after which the server gives the request up. */
  public DrawRequest withDeadline(int seconds) {
    return with("deadline", seconds);
  }

  private static String base64(byte[] file) {
    return Base64.getEncoder().encodeToString(file);
  }
}
