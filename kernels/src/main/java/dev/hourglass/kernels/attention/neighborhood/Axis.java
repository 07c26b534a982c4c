package dev.hourglass.kernels.attention.neighborhood;

/**
 * Windows along one side of the grid: {@code kernel} places, centred on the query where they fit
 * and moved inward where not, never padded.
 */
record Axis(int length, int kernel) {

  /** The first key that {@code query} attends to; queries past the end have the last window. */
  int start(int query) {
    return Math.clamp(query - kernel / 2, 0, length - kernel);
  }

  /** One past the last key that {@code query} attends to. */
  int end(int query) {
    return start(query) + kernel;
  }

  /** The first query that attends to {@code key}. */
  int firstQuery(int key) {
    return key < kernel ? 0 : key - kernel / 2;
  }

  /** One past the last query that attends to {@code key}. */
  int endQuery(int key) {
    return key >= length - kernel ? length : key + kernel / 2 + 1;
  }
}
