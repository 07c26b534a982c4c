package dev.hourglass.kernels;

/** The queries, keys and values of one image and head, or their gradients. */
record NeighborhoodHead(NeighborhoodPlane q, NeighborhoodPlane k, NeighborhoodPlane v) {}
