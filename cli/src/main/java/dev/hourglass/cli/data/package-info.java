/** {@code hourglass data}: sets of images before training. */
package dev.hourglass.cli.data;
