/**
 * The diffusion process around the network: preconditioning, losses, noise levels and guidance.
 *
 * <p>Noise levels (sigma) are standard deviations of the noise added to images of standard
 * deviation sigma_data; images are [n, c, h, w].
 */
package dev.hourglass.diffusion;
