/**
 * What is learned: what the network predicts (key {@code preconditioning}) and how its errors count
 * by noise level ({@code loss_weighting} and {@code loss_weighting_params}).
 */
package dev.hourglass.config.objective;
