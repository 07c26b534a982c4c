package dev.hourglass.diffusion.samplers;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The options a user has set for a sampler; what is not set has the sampler's own default. */
public final class SamplerOptions {

  /** No option set. */
  public static final SamplerOptions NONE = new SamplerOptions(Map.of());

  /** Everything that some sampler can be told. */
  public enum Option {
    /** The strength of the noise of ancestral and stochastic samplers. */
    ETA,
    /** Scales every noise that is added. */
    S_NOISE,
    /** {@link Churn#sChurn()}. */
    S_CHURN,
    /** {@link Churn#sTmin()}. */
    S_TMIN,
    /** {@link Churn#sTmax()}. */
    S_TMAX,
    /** Of lms and dpm-adaptive. */
    ORDER,
    /** Of the denoiser, for dpm-fast. */
    EVALUATIONS,
    /** Where dpmpp-sde has its intermediate level. */
    R,
    /** {@link StepSizeControl#rtol()}. */
    RTOL,
    /** {@link StepSizeControl#atol()}. */
    ATOL,
    /** {@link StepSizeControl#hInit()}. */
    H_INIT,
    /** {@link StepSizeControl#pcoeff()}. */
    PCOEFF,
    /** {@link StepSizeControl#icoeff()}. */
    ICOEFF,
    /** {@link StepSizeControl#dcoeff()}. */
    DCOEFF,
    /** {@link StepSizeControl#acceptSafety()}. */
    ACCEPT_SAFETY;

    /** The name users write: eta, s_noise, ... */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Option of(String text) {
      String name = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
      List<String> names = Arrays.stream(values()).map(Option::text).toList();
      int index = names.indexOf(name);
      if (index < 0) {
        throw new InputException(
            "There is no sampler option \"%s\"; %s"
                .formatted(name, Spelling.advice(name, names, "choose one of")));
      }
      return values()[index];
    }
  }

  private final Map<Option, Double> values;

  private SamplerOptions(Map<Option, Double> values) {
    this.values = values;
  }

  /** These options with one more set, or set anew. */
  public SamplerOptions with(Option option, double value) {
    Map<Option, Double> more = new EnumMap<>(Option.class);
    more.putAll(values);
    more.put(option, value);
    return new SamplerOptions(Collections.unmodifiableMap(more));
  }

  /**
   * Options from text such as {@code eta=0.5,s_noise=1.003}; the empty text sets none.
   *
   * @throws InputException if an option is unknown, or its value is not a number
   */
  public static SamplerOptions parse(String text) {
    SamplerOptions options = NONE;
    if (text.isBlank()) {
      return options;
    }
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new InputException(
            "\"%s\" is not a sampler option; write name=value, for example eta=0.5."
                .formatted(part));
      }
      try {
        double value = Double.parseDouble(part.substring(equals + 1));
        options = options.with(Option.of(part.substring(0, equals)), value);
      } catch (NumberFormatException e) {
        throw new InputException(
            "The sampler option \"%s\" needs a number; write for example eta=0.5."
                .formatted(part.strip()),
            e);
      }
    }
    return options;
  }

  /** The options that are set. */
  public Set<Option> set() {
    return values.keySet();
  }

  double get(Option option, double otherwise) {
    return values.getOrDefault(option, otherwise);
  }

  OptionalInt getInt(Option option) {
    Double value = values.get(option);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new InputException(
          "The sampler option %s must be a whole number, not %s.".formatted(option.text(), value));
    }
    return OptionalInt.of(value.intValue());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
