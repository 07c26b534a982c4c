package dev.hourglass.sampling;

import java.awt.image.BufferedImage;
import java.util.OptionalInt;

/**
 * One drawn image.
 *
 * @param index its index among the images of its seed
 * @param classNumber its class, if the model has classes
 */
public record GeneratedImage(long index, OptionalInt classNumber, BufferedImage image) {}
