/** The programs that the README shows. */
package dev.hourglass.examples;
