package dev.hourglass.config.objective;

import java.util.List;

/** {@code w0 = 1}: the error of the denoised image counts the same at every noise level. */
public record Uniform() implements Weighting {

  static final Form FORM = new Form("uniform", List.of(), (params, scales) -> new Uniform());

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    return 1;
  }
}
