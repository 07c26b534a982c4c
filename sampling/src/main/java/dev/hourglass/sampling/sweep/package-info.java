/** Pictures of the same images drawn with different settings, in rows and columns. */
package dev.hourglass.sampling.sweep;
