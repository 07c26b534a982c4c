package dev.hourglass.cli.evaluate;

import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.evaluation.store.NumberedFeatures;
import java.util.function.IntFunction;

/**
 * Images that are compared with real ones.
 *
 * @param features of each
 * @param name of one by its place among the features
 * @param image one by its place
 */
public record Compared(
    NumberedFeatures features, IntFunction<String> name, IntFunction<Planes> image) {}
