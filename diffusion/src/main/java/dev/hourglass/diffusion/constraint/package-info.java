/** What is known of images that are drawn: inpainting, super-resolution, colouring. */
package dev.hourglass.diffusion.constraint;
