package dev.hourglass.model;

import org.bytedeco.pytorch.Tensor;

/**
 * What the mapping network makes of a batch's conditioning, for all layers.
 *
 * @param vectors {@code [m, mapping width]}, one for each conditioning
 * @param conditioning tells which of them each image has
 */
record LayerConditioning(Tensor vectors, Conditioning conditioning) {}
