/** Who computes: the choice of a provider, its number format and its threads. */
package dev.hourglass.compute;
