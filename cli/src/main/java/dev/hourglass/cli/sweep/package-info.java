/** What {@code sample --sweep} needs. */
package dev.hourglass.cli.sweep;
