/** How gradients move the weights, and the weights their average (HDiT, appendix B). */
package dev.hourglass.training.optimizer;
