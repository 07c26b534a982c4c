package dev.hourglass.kernels.attention.neighborhood;

/** The queries, keys and values of one image and head, or their gradients. */
record Head(Plane q, Plane k, Plane v) {}
