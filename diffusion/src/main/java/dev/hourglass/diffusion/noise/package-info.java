/** The noise that images start from and that stochastic samplers add. */
package dev.hourglass.diffusion.noise;
