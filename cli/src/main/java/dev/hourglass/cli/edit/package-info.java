/** The options of {@code hourglass sample} that make images from images, and animations. */
package dev.hourglass.cli.edit;
