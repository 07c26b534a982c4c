/** Distances between sets of image features, with their standard errors: FID, KID and others. */
package dev.hourglass.evaluation;
