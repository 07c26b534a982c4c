/**
 * Averages of weights of any length, made after training of those that were put down on the way.
 */
package dev.hourglass.training.snapshot;
