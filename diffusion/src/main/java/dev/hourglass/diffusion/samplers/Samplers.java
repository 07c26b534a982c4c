package dev.hourglass.diffusion.samplers;

import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.ACCEPT_SAFETY;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.ATOL;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.DCOEFF;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.ETA;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.EVALUATIONS;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.H_INIT;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.ICOEFF;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.ORDER;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.PCOEFF;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.R;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.RTOL;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.S_CHURN;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.S_NOISE;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.S_TMAX;
import static dev.hourglass.diffusion.samplers.SamplerOptions.Option.S_TMIN;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.diffusion.samplers.SamplerOptions.Option;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All samplers by name. */
public final class Samplers {

  private static final Set<Option> CHURN = Set.of(S_CHURN, S_TMIN, S_TMAX, S_NOISE);
  private static final Set<Option> NOISE = Set.of(ETA, S_NOISE);

  private static final Map<String, Entry> ALL = all();

  private Samplers() {}

  /** A kind of sampler: the options it takes and how to make it. */
  private record Entry(Set<Option> options, Function<SamplerOptions, Sampler> make) {}

  /** The names of all samplers, simple ones first. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The options that a sampler takes. */
  public static Set<Option> options(String name) {
    return entry(name).options();
  }

  /**
   * The sampler of a name.
   *
   * @throws InputException if there is none, it does not take one of the options, or an option is
   *     out of range
   */
  public static Sampler byName(String name, SamplerOptions options) {
    Entry entry = entry(name);
    for (Option option : options.set()) {
      if (!entry.options().contains(option)) {
        throw new InputException(
            "The sampler %s has no option %s; it takes %s."
                .formatted(name, option.text(), texts(entry.options())));
      }
    }
    return entry.make().apply(options);
  }

  private static Entry entry(String name) {
    Entry entry = ALL.get(name);
    if (entry == null) {
      throw new InputException(
          "There is no sampler \"%s\"; %s"
              .formatted(name, Spelling.advice(name, ALL.keySet(), "choose one of")));
    }
    return entry;
  }

  private static String texts(Set<Option> options) {
    return options.isEmpty()
        ? "none"
        : new TreeSet<>(options).stream().map(Option::text).collect(Collectors.joining(", "));
  }

  private static Map<String, Entry> all() {
    Map<String, Entry> all = new LinkedHashMap<>();
    all.put("euler", new Entry(CHURN, o -> new Euler(churn(o))));
    all.put("heun", new Entry(CHURN, o -> new Heun(churn(o))));
    all.put("dpm-2", new Entry(CHURN, o -> new Dpm2(churn(o))));
    all.put("euler-ancestral", new Entry(NOISE, o -> new EulerAncestral(eta(o, 1), sNoise(o))));
    all.put("dpm-2-ancestral", new Entry(NOISE, o -> new Dpm2Ancestral(eta(o, 1), sNoise(o))));
    all.put("lms", new Entry(Set.of(ORDER), o -> new LinearMultistep(o.getInt(ORDER).orElse(4))));
    all.put(
        "dpm-fast",
        new Entry(
            Set.of(EVALUATIONS, ETA, S_NOISE),
            o -> new DpmFast(o.getInt(EVALUATIONS), eta(o, 0), sNoise(o))));
    all.put(
        "dpm-adaptive",
        new Entry(
            Set.of(ORDER, RTOL, ATOL, H_INIT, PCOEFF, ICOEFF, DCOEFF, ACCEPT_SAFETY, ETA, S_NOISE),
            o ->
                new DpmAdaptive(
                    o.getInt(ORDER).orElse(3), stepSizeControl(o), eta(o, 0), sNoise(o))));
    all.put(
        "dpmpp-2s-ancestral", new Entry(NOISE, o -> new DpmPp2SAncestral(eta(o, 1), sNoise(o))));
    all.put(
        "dpmpp-sde",
        new Entry(Set.of(ETA, S_NOISE, R), o -> new DpmPpSde(eta(o, 1), sNoise(o), o.get(R, 0.5))));
    all.put("dpmpp-2m", new Entry(Set.of(), o -> new DpmPp2M()));
    for (DpmPp2MSde.Solver solver : DpmPp2MSde.Solver.values()) {
      String name = new DpmPp2MSde(solver, 1, 1).name();
      all.put(name, new Entry(NOISE, o -> new DpmPp2MSde(solver, eta(o, 1), sNoise(o))));
    }
    all.put("dpmpp-3m-sde", new Entry(NOISE, o -> new DpmPp3MSde(eta(o, 1), sNoise(o))));
    return Collections.unmodifiableMap(all);
  }

  private static double eta(SamplerOptions options, double otherwise) {
    return options.get(ETA, otherwise);
  }

  private static double sNoise(SamplerOptions options) {
    return options.get(S_NOISE, 1);
  }

  private static Churn churn(SamplerOptions options) {
    return new Churn(
        options.get(S_CHURN, 0),
        options.get(S_TMIN, 0),
        options.get(S_TMAX, Double.POSITIVE_INFINITY),
        sNoise(options));
  }

  private static StepSizeControl stepSizeControl(SamplerOptions options) {
    StepSizeControl control = StepSizeControl.DEFAULT;
    return new StepSizeControl(
        options.get(RTOL, control.rtol()),
        options.get(ATOL, control.atol()),
        options.get(H_INIT, control.hInit()),
        options.get(PCOEFF, control.pcoeff()),
        options.get(ICOEFF, control.icoeff()),
        options.get(DCOEFF, control.dcoeff()),
        options.get(ACCEPT_SAFETY, control.acceptSafety()));
  }
}
