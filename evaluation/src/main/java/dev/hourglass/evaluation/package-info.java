/** Distances between sets of image features: FID and KID. */
package dev.hourglass.evaluation;
