package dev.hourglass.evaluation.features;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What an extractor says of some images.
 *
 * @param features [n, d], float64
 * @param logits [n, classes], float64, before the softmax; empty if the extractor is no classifier
 */
public record ImageFeatures(Tensor features, Optional<Tensor> logits) {}
