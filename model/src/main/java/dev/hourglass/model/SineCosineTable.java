package dev.hourglass.model;

/**
 * The fixed two-dimensional position table of ViT, MAE and DiT (docs/model.md, 3.10): the first
 * half of the channels tells the column, the second half the row, each as sines and then cosines of
 * {@code index / 10000^(2i / (c/2))}. Computed in float64, as NumPy does there.
 */
final class SineCosineTable {

  private static final double LONGEST_WAVE = 10_000;

  private SineCosineTable() {}

  /** {@code [rows, columns, channels]}; channels are a multiple of 4. */
  static float[] of(int rows, int columns, int channels) {
    float[] table = new float[Math.multiplyExact(rows * columns, channels)];
    int quarter = channels / 4;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int at = (row * columns + column) * channels;
        fill(table, at, quarter, column);
        fill(table, at + 2 * quarter, quarter, row);
      }
    }
    return table;
  }

  /** Sines, then cosines, of one index. */
  private static void fill(float[] table, int at, int count, int index) {
    for (int i = 0; i < count; i++) {
      double angle = index / Math.pow(LONGEST_WAVE, (double) i / count);
      table[at + i] = (float) Math.sin(angle);
      table[at + count + i] = (float) Math.cos(angle);
    }
  }
}
