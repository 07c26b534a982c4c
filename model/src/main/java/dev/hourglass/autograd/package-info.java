/** Differentiable operations written in Java, in libtorch's autograd graph. */
package dev.hourglass.autograd;
