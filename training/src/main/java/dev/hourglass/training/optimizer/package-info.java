/** How gradients move the weights, and the weights their averages (HDiT, appendix B). */
package dev.hourglass.training.optimizer;
