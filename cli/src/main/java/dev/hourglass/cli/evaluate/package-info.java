/** What {@code hourglass evaluate} takes features of, and what it writes. */
package dev.hourglass.cli.evaluate;
