/** From images to features: {@link dev.hourglass.evaluation.features.FeatureExtractor}. */
package dev.hourglass.evaluation.features;
