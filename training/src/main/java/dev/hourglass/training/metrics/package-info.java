/** What a step gave, as a table and as a plot. */
package dev.hourglass.training.metrics;
