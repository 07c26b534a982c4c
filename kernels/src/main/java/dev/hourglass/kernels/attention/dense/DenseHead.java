package dev.hourglass.kernels.attention.dense;

/**
 * Where the tokens of one head (or of one window of it) lie, in float32.
 *
 * @param q {@code [queries, d]}
 * @param k {@code [keys, d]}
 * @param v {@code [keys, d]}
 * @param out {@code [queries, d]}, rows apart by a stride that the kernel knows
 * @param logSumExp {@code [queries]}, or 0 if it is not wanted
 */
record DenseHead(long q, long k, long v, long out, long logSumExp) {}
