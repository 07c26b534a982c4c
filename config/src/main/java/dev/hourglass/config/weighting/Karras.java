package dev.hourglass.config.weighting;

import java.util.List;

/**
 * {@code w0 = (sigma^2 + sd^2) / (sigma sd)^2}: the network's own error counts the same at every
 * noise level (Karras et al. 2022, eq. 8 with their lambda).
 */
public record Karras() implements Weighting {

  static final Form FORM = new Form("karras", List.of(), (params, sigmaData) -> new Karras());

  @Override
  public String name() {
    return FORM.name();
  }

  @Override
  public double at(double sigma, double sigmaData) {
    double product = sigma * sigmaData;
    return (sigma * sigma + sigmaData * sigmaData) / (product * product);
  }
}
