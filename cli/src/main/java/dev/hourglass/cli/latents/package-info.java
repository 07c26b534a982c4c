/** The options of {@code hourglass sample} that go from images to noise and back. */
package dev.hourglass.cli.latents;
