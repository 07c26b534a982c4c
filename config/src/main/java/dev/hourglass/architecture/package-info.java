/**
 * The network as a composition of parts: {@link dev.hourglass.architecture.Hourglass} of layers,
 * layers of blocks, blocks of the parts that the config file chooses.
 */
package dev.hourglass.architecture;
