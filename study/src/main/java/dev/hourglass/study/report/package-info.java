/** A study for readers: one HTML file that needs no network, and a CSV file. */
package dev.hourglass.study.report;
