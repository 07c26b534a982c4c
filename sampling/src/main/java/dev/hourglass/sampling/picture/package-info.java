/** Drawn images as files: PNG files that say how they were made, grids, animations. */
package dev.hourglass.sampling.picture;
