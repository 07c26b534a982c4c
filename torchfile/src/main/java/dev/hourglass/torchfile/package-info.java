/** PyTorch's checkpoint files, read without running anything that is in them. */
package dev.hourglass.torchfile;
