/** libtorch, its tensors, and who owns their memory. */
package dev.hourglass.tensor;
