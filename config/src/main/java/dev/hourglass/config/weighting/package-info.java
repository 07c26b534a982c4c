/**
 * How errors count by noise level: the keys {@code loss_weighting} and {@code
 * loss_weighting_params}.
 */
package dev.hourglass.config.weighting;
