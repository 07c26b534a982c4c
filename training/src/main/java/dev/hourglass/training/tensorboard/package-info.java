/** What a run tells TensorBoard: event files, and the listener that writes them. */
package dev.hourglass.training.tensorboard;
