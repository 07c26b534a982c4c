/** What to do when the process is asked to end. */
package dev.hourglass.cli.signal;
