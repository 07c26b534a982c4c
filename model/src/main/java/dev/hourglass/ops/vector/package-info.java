/** The operations computed by our own kernels for the CPU. */
package dev.hourglass.ops.vector;
