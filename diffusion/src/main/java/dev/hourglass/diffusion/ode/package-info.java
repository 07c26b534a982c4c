/**
 * The probability flow as an ordinary differential equation: log-likelihoods of images, and the
 * noise that a deterministic sampler draws an image from.
 */
package dev.hourglass.diffusion.ode;
