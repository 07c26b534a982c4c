/** What {@code hourglass likelihood} measures, and the file it writes. */
package dev.hourglass.cli.likelihood;
