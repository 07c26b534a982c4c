/** A set decoded and resized once, in tar files that training reads without waiting. */
package dev.hourglass.data.prepare;
