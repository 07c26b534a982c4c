/**
 * The parts that a config file chooses among: norms, activations, positions, similarities, kinds of
 * attention, skips. Each says in one file what it is called, which parameters it has and what it
 * computes; {@link dev.hourglass.architecture.part.Catalog} lists them.
 */
package dev.hourglass.architecture.part;
