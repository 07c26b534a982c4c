/** The nonlinearities of feed-forward blocks. */
package dev.hourglass.architecture.part.activation;
