/**
 * Our own kernels for the CPU, in rooms: each package depends only on those before it in the list
 * of ARCHITECTURE.md, which also says which of them are for other modules.
 */
package dev.hourglass.kernels;
