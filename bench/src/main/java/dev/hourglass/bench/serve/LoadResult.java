package dev.hourglass.bench.serve;

import java.util.List;

/**
 * What a number of clients got.
 *
 * @param clients at once
 * @param images that they got, those of answers that lie partly in it by that part
 * @param seconds of measurement
 * @param latencies of requests that succeeded
 * @param errors requests that did not
 * @param reasons of the first errors
 */
record LoadResult(
    int clients,
    double images,
    double seconds,
    Latencies latencies,
    long errors,
    List<String> reasons) {

  /** Reasons that are kept. */
  static final int REASONS = 5;

  double imagesPerSecond() {
    return images / seconds;
  }
}
