package dev.hourglass.architecture.primitive;

/**
 * Dropout at one place of the network.
 *
 * @param rate probability of dropping an activation, in [0, 1]
 * @param number names the place among all of the model, so that its random numbers are its own
 */
public record DropoutPlace(double rate, int number) {}
