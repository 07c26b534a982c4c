/** The loss on images that are held out, at fixed noise levels. */
package dev.hourglass.training.validation;
