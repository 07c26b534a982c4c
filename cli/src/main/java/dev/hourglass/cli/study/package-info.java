/** {@code study}: {@code run}, {@code report}, {@code list}. */
package dev.hourglass.cli.study;
