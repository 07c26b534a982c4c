/** Measures models and their parts against the peak of the machine. */
package dev.hourglass.bench;
