package dev.hourglass.evaluation;

import java.util.OptionalDouble;

/**
 * A number and how far chance may have moved it.
 *
 * @param standardError over drawings of other images by the same model, the reference as it is;
 *     empty if there are too few images to tell
 */
public record Estimate(double value, OptionalDouble standardError) {}
