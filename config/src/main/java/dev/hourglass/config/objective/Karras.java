package dev.hourglass.config.objective;

import java.util.List;

/**
 * {@code w0 = (sigma^2 + sd^2) / (sigma sd)^2}: the network's own error counts the same at every
 * noise level (Karras et al. 2022, eq. 8 with their lambda).
 */
public record Karras() implements Weighting {

  static final Form FORM = new Form("karras", List.of(), (params, scales) -> new Karras());

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, Scales scales) {
    double data = scales.data();
    double product = sigma * data;
    return (sigma * sigma + data * data) / (product * product);
  }
}
