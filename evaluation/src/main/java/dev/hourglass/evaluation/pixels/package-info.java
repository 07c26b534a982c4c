/** Distances between sets of images that need no features: of patches, and of spectra. */
package dev.hourglass.evaluation.pixels;
