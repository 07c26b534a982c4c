/** What commands print: tables, JSON and charts of numbers, and how far a long task is. */
package dev.hourglass.cli.report;
