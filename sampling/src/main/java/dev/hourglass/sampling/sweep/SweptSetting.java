package dev.hourglass.sampling.sweep;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.diffusion.Guidance;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be swept: everything that changes how an image is drawn, but not which. */
public enum SweptSetting {
  /** The scale of guidance. */
  GUIDANCE {
    @Override
    Cell apply(Cell cell, String value) {
      return cell.with(
          settings ->
              settings.withGuidance(new Guidance(number(value), settings.guidance().interval())));
    }
  },
  /** Its interval, LOW:HIGH. */
  GUIDANCE_INTERVAL {
    @Override
    Cell apply(Cell cell, String value) {
      String[] ends = value.split(":", -1);
      if (ends.length != 2) {
        throw new InputException(
            "\"%s\" is not an interval of noise levels; write for example 0.3:5.".formatted(value));
      }
      Guidance.Interval interval = new Guidance.Interval(number(ends[0]), number(ends[1]));
      return cell.with(
          settings -> settings.withGuidance(new Guidance(settings.guidance().scale(), interval)));
    }
  },
  /** The number of steps. */
  STEPS {
    @Override
    Cell apply(Cell cell, String value) {
      double steps = number(value);
      if (steps != Math.rint(steps) || Math.abs(steps) > Integer.MAX_VALUE) {
        throw new InputException("\"%s\" is not a number of steps.".formatted(value));
      }
      return cell.with(settings -> settings.withSteps((int) steps));
    }
  },
  /** The schedule of noise levels. */
  SCHEDULE {
    @Override
    Cell apply(Cell cell, String value) {
      SigmaSchedule schedule = SigmaSchedule.parse(value);
      return cell.with(settings -> settings.withSchedule(schedule));
    }
  },
  /** The sampler, with the options that are set. */
  SAMPLER {
    @Override
    Cell apply(Cell cell, String value) {
      return cell.with(settings -> settings.withSampler(value, settings.options()));
    }
  },
  /** The sampler's noise. */
  ETA {
    @Override
    Cell apply(Cell cell, String value) {
      double eta = number(value);
      return cell.with(
          settings ->
              settings.withSampler(
                  settings.sampler(), settings.options().with(SamplerOptions.Option.ETA, eta)));
    }
  },
  /** The length of the average of weights. */
  SIGMA_REL {
    @Override
    Cell apply(Cell cell, String value) {
      return cell.withSigmaRel(number(value));
    }
  };

  /** The name that users write: guidance, guidance-interval, ... */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The cell with this changed. */
  abstract Cell apply(Cell cell, String value);

  static SweptSetting of(String text) {
    List<String> names = Arrays.stream(values()).map(SweptSetting::text).toList();
    int index = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new InputException(
          "\"%s\" cannot be swept; %s"
              .formatted(text, Spelling.advice(text, names, "choose one of")));
    }
    return values()[index];
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new InputException("\"%s\" in a sweep is not a number.".formatted(text), e);
    }
  }
}
