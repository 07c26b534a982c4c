/**
 * How images are made, in the words that a PNG file of ours carries: the same from any front end.
 */
package dev.hourglass.sampling.recipe;
