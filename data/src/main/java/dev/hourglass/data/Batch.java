package dev.hourglass.data;

/**
 * Images ready for training.
 *
 * @param firstPosition how many images were drawn before this batch, over all epochs
 * @param size the number of images, n
 * @param pixels {@code [n, c, h, w]} in [-1, 1]; a warped image may overshoot a little at sharp
 *     edges, as cubic interpolation does, and is not clipped
 * @param augmentation {@code [n, 9]}, the conditioning vectors of {@link Augmentation}
 * @param labels {@code [n]}, the classes; -1 where the set has none
 * @param indices {@code [n]}, the images' numbers in their set
 */
@SuppressWarnings("ArrayRecordComponent") // Plain buffers, on their way to the device.
public record Batch(
    long firstPosition,
    int size,
    float[] pixels,
    float[] augmentation,
    int[] labels,
    int[] indices) {}
