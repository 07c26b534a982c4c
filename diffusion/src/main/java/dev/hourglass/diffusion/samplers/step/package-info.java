/** What a sampler works with in one step, and the arithmetic of images. */
package dev.hourglass.diffusion.samplers.step;
