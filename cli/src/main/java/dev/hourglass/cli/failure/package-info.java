/** What goes wrong, in one sentence that says what to do, and the exit code. */
package dev.hourglass.cli.failure;
