/** Work that was stopped and goes on. */
package dev.hourglass.cli.resume;
