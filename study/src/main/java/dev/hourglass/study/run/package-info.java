/** Runs the cells of a study, each in a process of its own. */
package dev.hourglass.study.run;
