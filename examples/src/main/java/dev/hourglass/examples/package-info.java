/** Small complete programs: those that the README shows, and the look for copies of model cards. */
package dev.hourglass.examples;
