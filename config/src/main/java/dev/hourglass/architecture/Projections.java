package dev.hourglass.architecture;

/**
 * Which of a block's two linear layers have biases.
 *
 * @param in the first, {@code qkv_proj} or {@code up_proj}
 * @param out the second, {@code out_proj} or {@code down_proj}
 */
public record Projections(boolean in, boolean out) {}
