/** Image files that a command is given to start from. */
package dev.hourglass.cli.given;
