/** Networks as denoisers: what is evaluated, for which images, and by whom. */
package dev.hourglass.sampling.denoise;
