/** The training loop, its optimisers, averages, checkpoints and metrics. */
package dev.hourglass.training;
