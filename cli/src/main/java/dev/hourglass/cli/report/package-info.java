/** What commands print of numbers: tables, JSON and charts. */
package dev.hourglass.cli.report;
