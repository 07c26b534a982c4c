/** From checkpoints to images and image files. */
package dev.hourglass.sampling;
