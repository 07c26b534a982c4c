/** From noise to images: samplers and the noise they draw. */
package dev.hourglass.diffusion.samplers;
