/** Benchmarks of single kernels with JMH, on shapes of the presets. */
package dev.hourglass.bench.kernels;
